export type { ConfigParameter, Limits, Manifest, PackageRequest } from './manifest.ts';
