import {
  type OciRegistry,
  type PublishedService,
  publishedService,
  publishedVersions,
} from '../../registry/index.ts';

/** What a registry holds of the service that is about to be pushed. Nothing is read before it is asked for, and nothing twice. */
export interface Published {
  /** `registry.example.com/team/click` */
  readonly place: string;
  /** Versions, the lowest first. */
  versions(): Promise<readonly string[]>;
  /** Its manifest, labels, layers and size; undefined where there is none. */
  service(version: string): Promise<PublishedService | undefined>;
}

export function published(registry: OciRegistry, repository: string): Published {
  let versions: Promise<readonly string[]> | undefined;
  const services = new Map<string, Promise<PublishedService | undefined>>();
  return {
    place: `${registry.host}/${repository}`,
    versions() {
      versions ??= publishedVersions(registry, repository);
      return versions;
    },
    service(version) {
      const service = services.get(version) ?? publishedService(registry, repository, version);
      services.set(version, service);
      return service;
    },
  };
}
