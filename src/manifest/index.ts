export { type ExpandedFile, expandFiles } from './expand-files.ts';
export { manifestFromJson, manifestToJson } from './label.ts';
export type { ConfigParameter, Limits, Manifest, PackageRequest } from './manifest.ts';
export { parameterFault } from './parameter-value.ts';
export { parseManifest } from './parse-manifest.ts';
export { manifestName, readManifest } from './read-manifest.ts';
export { stackNames } from './schema.ts';
