// For tools that print types with the compiler's own classes, which TypeScript has up to version 5:
//   node --import ./typescript_5.mjs TOOL
import { register } from 'node:module';

const HOOK = `export const resolve = (name, context, next) =>
  next(name === 'typescript' ? 'typescript-5' : name, context);`;

register(`data:text/javascript,${encodeURIComponent(HOOK)}`, import.meta.url);
