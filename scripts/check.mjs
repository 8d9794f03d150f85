// Type-checks everything that is TypeScript: the package, its tests and its examples. Writes nothing.
//   node scripts/check.mjs
import { ensureBuilt, TSC } from './build.mjs';
import { generateAll } from './generate.mjs';
import { node } from './steps.mjs';

ensureBuilt();
generateAll();
node('check the types of the package', [TSC, '-p', 'tsconfig.json', '--noEmit']);
node('check the types of tests and examples', [TSC, '-p', 'tsconfig.test.json']);
// Users have older compilers: what they read must be clean there, too.
node('check the types as TypeScript 5 sees them', [
  'node_modules/typescript-5/bin/tsc',
  '-p',
  'tsconfig.test.json',
]);
