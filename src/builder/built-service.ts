import type { RegisteredService } from '../registry/index.ts';

/** What a build tells of the service that it made, or found. */
export type BuiltService = Pick<RegisteredService, 'name' | 'version' | 'image' | 'imageId' | 'size'>;
