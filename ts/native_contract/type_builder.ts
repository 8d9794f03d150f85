/** Types that are added at run time. */

import type { BamlRuntime } from './runtime.js';

/** Types added at run time. Generated clients wrap it as `TypeBuilder` of their own. */
export declare class TypeBuilder {
  constructor();
  reset(): void;
  getEnum(name: string): EnumBuilder;
  getClass(name: string): ClassBuilder;
  list(inner: FieldType): FieldType;
  optional(inner: FieldType): FieldType;
  string(): FieldType;
  literalString(value: string): FieldType;
  literalInt(value: number): FieldType;
  literalBool(value: boolean): FieldType;
  int(): FieldType;
  float(): FieldType;
  bool(): FieldType;
  null(): FieldType;
  map(key: FieldType, value: FieldType): FieldType;
  union(types: FieldType[]): FieldType;
  /** Adds what the text declares; `dynamic class X` and `dynamic enum X` extend types marked `@@dynamic`. */
  addBaml(baml: string, runtime: BamlRuntime): void;
  toString(): string;
}

export declare class ClassBuilder {
  private constructor();
  field(): FieldType;
  property(name: string): ClassPropertyBuilder;
  listProperties(): [string, ClassPropertyBuilder][];
  removeProperty(name: string): void;
  reset(): void;
}

export declare class ClassPropertyBuilder {
  private constructor();
  setType(type: FieldType): ClassPropertyBuilder;
  getType(): FieldType;
  alias(alias?: string | null): ClassPropertyBuilder;
  description(description?: string | null): ClassPropertyBuilder;
}

export declare class EnumBuilder {
  private constructor();
  field(): FieldType;
  value(name: string): EnumValueBuilder;
  alias(alias?: string | null): EnumBuilder;
}

export declare class EnumValueBuilder {
  private constructor();
  alias(alias?: string | null): EnumValueBuilder;
  skip(skip?: boolean | null): EnumValueBuilder;
  description(description?: string | null): EnumValueBuilder;
}

export declare class FieldType {
  private constructor();
  list(): FieldType;
  optional(): FieldType;
  equals(other: FieldType): boolean;
}
