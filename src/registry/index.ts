export { compareVersions, isVersion } from './compare-versions.ts';
export { findService, refuseNameInOtherCase } from './find-service.ts';
export { imageReference } from './image-reference.ts';
export { listServices } from './list-services.ts';
export { connectRegistry, type RegistryOptions } from './oci/connect-registry.ts';
export type { Credentials } from './oci/credentials.ts';
export type * from './oci/oci-registry.ts';
export { type OpenedService, type OpenServiceOptions, openService } from './open-service.ts';
export { labels, type RegisteredService } from './service.ts';
