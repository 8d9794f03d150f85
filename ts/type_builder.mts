/** `@boundaryml/baml/type_builder` for `import`. */
export {
  ClassAst,
  ClassBuilder,
  ClassPropertyBuilder,
  ClassPropertyViewer,
  ClassViewer,
  EnumAst,
  EnumBuilder,
  EnumValueViewer,
  EnumViewer,
  TypeBuilder,
} from './type_builder.js';
export type { TypeBuilderSource } from './type_builder.js';
