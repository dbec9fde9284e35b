import { parseRegistryPlace, repositoryOf } from '../../registry/index.ts';
import { diffServices, type ServiceDiff } from './diff-services.ts';
import { builtSide, folderSide, type Places, publishedSide, referencedSide } from './read-side.ts';
import type { ServiceFacts } from './service-facts.ts';

export interface DiffRequest {
  /** None, the former, or the former and the latter: references of services, or folders, which begin with `.` or `/`. */
  readonly sides: readonly string[];
  /** Where the former is looked for when it is not named: a registry and perhaps a path in it. Undefined: among what is built here. */
  readonly registry: string | undefined;
  /** Absolute path of the folder that is meant where a side is not named. */
  readonly folder: string;
  /** Makes a written folder absolute. */
  readonly resolve: (path: string) => string;
}

/**
 * Finds the two sides and compares them. With one reference it is that and the folder; with none it is what was built, or published, last and the folder. With
 * a registry one reference is the latter, and the former is what was published up to it. Fails as reading them does.
 */
export async function compareSides(request: DiffRequest, places: Places): Promise<ServiceDiff> {
  const { sides, registry, folder, resolve } = request;
  const side = (written: string): Promise<ServiceFacts> =>
    isFolder(written) ? folderSide(resolve(written)) : referencedSide(written, places);
  const [first, second] = sides;
  if (first !== undefined && second !== undefined) return diffServices(await side(first), await side(second));
  if (first !== undefined && registry === undefined && !isFolder(first))
    return diffServices(await side(first), await folderSide(folder));
  const latter = await (first === undefined ? folderSide(folder) : side(first));
  return diffServices(await formerOf(latter, registry, places), latter);
}

/** What a service is compared with where nothing is named. */
async function formerOf(
  { manifest: { name, version } }: ServiceFacts,
  registry: string | undefined,
  places: Places,
): Promise<ServiceFacts> {
  if (registry === undefined) return builtSide(name, places);
  const place = parseRegistryPlace(registry);
  const published = { host: place.host, repository: repositoryOf(place, name), version: undefined };
  return publishedSide(published, places, version);
}

function isFolder(written: string): boolean {
  return /^[./]/.test(written);
}
