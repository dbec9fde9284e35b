export { checkService } from './contract/check-service.ts';
export { contractBroken } from './contract/contract-broken.ts';
export { probeService } from './contract/probe-service.ts';
export { type PackageIndex, packageIndexCommand, parsePackageIndex } from './debian/package-index.ts';
export {
  noPackages,
  type PackageChange,
  packageChanges,
  packageSystems,
} from './installed-packages.ts';
export type * from './stack.ts';
export { stackFor } from './stack-for.ts';
