export { type PackageIndex, packageIndexCommand, parsePackageIndex } from './debian/package-index.ts';
export type * from './stack.ts';
export { stackFor } from './stack-for.ts';
