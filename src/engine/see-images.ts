import type { ContainerEngine, SeenImage } from './engine.ts';
import { exchange, plainAddress } from './exchange.ts';

/** What the engine's list of images says of one, as far as it is read here (Docker Engine API, "List images"). */
export interface ListedImage {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null | undefined;
  readonly Labels?: Readonly<Record<string, string>> | null | undefined;
  readonly Size: number;
  /** Seconds since 1970. */
  readonly Created: number;
}

/** An image of the engine's list, in the words of the inspection: both answer the same of the same image. */
export function seenImage({ Id, RepoTags, Labels, Size, Created }: ListedImage): SeenImage {
  return Object.freeze<SeenImage>({
    id: Id,
    // An image without a tag has null here, or one that says so.
    tags: (RepoTags ?? []).filter((tag) => tag !== '<none>:<none>'),
    labels: Labels ?? {},
    size: Size,
    created: new Date(Created * 1000).toISOString().replace('.000Z', 'Z'),
  });
}

/** Milliseconds of silence after which an engine is not waited for. */
const patience = 2_000;

/**
 * The images that an engine on this machine has, as {@link ContainerEngine.seeImages} tells them, by one request and nothing before it: no client library is loaded, no version is asked
 * for. Undefined where that is not to be had, for whatever reason; then a connected engine answers or says why.
 */
export async function seeImagesAtOnce(
  which: Parameters<ContainerEngine['seeImages']>[0],
  env: NodeJS.ProcessEnv = process.env,
): Promise<readonly SeenImage[] | undefined> {
  const address = plainAddress(env);
  if (address === undefined) return undefined;
  const filters = encodeURIComponent(JSON.stringify(imageFilters(which)));
  try {
    const path = `/images/json?filters=${filters}`;
    const list: unknown = JSON.parse(await exchange(address, { method: 'GET', path, patience }));
    return Array.isArray(list) ? list.map(seenImage) : undefined;
  } catch {
    return undefined;
  }
}

/** Docker Engine API, "List images". */
export function imageFilters(
  which: Parameters<ContainerEngine['seeImages']>[0],
): Readonly<Record<string, string[]>> {
  return 'label' in which ? { label: [which.label] } : { reference: [...which.references] };
}
