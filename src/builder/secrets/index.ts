export { secretKeys } from './secret-keys.ts';
export { withBuildSecrets } from './with-build-secrets.ts';
