export { mountedSecretsPrefix, secretsOf, secretsPrefix } from './build-secrets.ts';
export { checkService } from './contract/check-service.ts';
export { contractBroken } from './contract/contract-broken.ts';
export { probeService } from './contract/probe-service.ts';
export { type PackageIndex, packageIndexCommand, parsePackageIndex } from './debian/package-index.ts';
export { noPackages, packageSystems } from './installed-packages.ts';
export { admitsPythonVersion, comparePythonVersions, isPythonPreRelease } from './python/pep440.ts';
export type * from './stack.ts';
export { stackFor } from './stack-for.ts';
