import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { NstackError } from '../../core/index.ts';
import type { ContainerEngine, ImageInfo } from '../../engine/index.ts';
import { findingAt } from '../../manifest/index.ts';
import { findService, type RegisteredService } from '../../registry/index.ts';
import type { ServiceFolder } from '../../stacks/index.ts';
import { builtByNewer } from './shim-label.ts';

/** The service whose image another one is built on. */
export interface Parent {
  readonly service: RegisteredService;
  readonly image: ImageInfo;
}

/**
 * The parent that a service's manifest names, if any. Fails, at the place of `parent` in nstack.yaml, with `service-unknown` where it is not built here, and with
 * `manifest-invalid` where nothing can be built on it: another language, a circle, a shim of a newer nstack.
 */
export async function findParent(
  engine: ContainerEngine,
  folder: ServiceFolder,
): Promise<Parent | undefined> {
  const { name, parent: named, stack } = folder.manifest;
  if (named === undefined) return undefined;
  const service = await findService(engine, named).catch(async (error: unknown) => {
    if (!(error instanceof NstackError) || error.code !== 'service-unknown') throw error;
    throw await refusal(folder, 'service-unknown', `${name} is to be built on ${named}, which is not here`, {
      hint: `build it first, in its folder, or fetch it: nstack pull. ${error.message}. ${error.hint ?? ''}`.trim(),
      cause: error,
    });
  });
  const shown = `${service.name} ${service.version}`;
  const { language } = service.manifest.stack;
  if (language !== stack.language)
    throw await refusal(
      folder,
      'manifest-invalid',
      `${name} is ${stack.language}, and ${shown} is ${language}`,
      {
        hint: 'a service is built on a parent of its own language; others it can meet in a workflow',
      },
    );
  const circle = await circleOf(engine, folder, service);
  if (circle !== undefined)
    throw await refusal(
      folder,
      'manifest-invalid',
      `${name} would be built on itself: ${circle.join(' -> ')}`,
      {
        hint: 'take `parent` out of one of them',
      },
    );
  const image = await engine.inspectImage(service.image);
  if (image === undefined)
    throw new NstackError(
      'service-unknown',
      `${shown} was removed while ${name} was about to be built on it`,
    );
  const newer = builtByNewer(image);
  if (newer !== undefined)
    throw await refusal(
      folder,
      'manifest-invalid',
      `${shown} was built by nstack ${newer.theirs}, and this is ${newer.ours}`,
      {
        hint: `a service runs on the shim of the nstack that built it, which must be as new as its parent's: install nstack ${newer.theirs}`,
      },
    );
  return { service, image };
}

/** Longer lines of descent are a circle through names that keep changing. */
const mostGenerations = 64;

/** The names on the way from a service back to itself, as far as the images that are here tell. */
async function circleOf(
  engine: ContainerEngine,
  { manifest }: ServiceFolder,
  parent: RegisteredService,
): Promise<readonly string[] | undefined> {
  const own = `${manifest.name}:${manifest.version}`;
  const way = [own];
  let at: RegisteredService | undefined = parent;
  while (at !== undefined && way.length < mostGenerations) {
    const name = `${at.name}:${at.version}`;
    if (way.includes(name)) return [...way, name];
    way.push(name);
    const next: string | undefined = at.manifest.parent;
    at = next === undefined ? undefined : await findService(engine, next).catch(() => undefined);
  }
  return at === undefined ? undefined : way;
}

async function refusal(
  { root, manifestFile }: ServiceFolder,
  code: 'service-unknown' | 'manifest-invalid',
  message: string,
  options: { readonly hint: string; readonly cause?: unknown },
): Promise<NstackError> {
  const bytes = await readFile(join(root, basename(manifestFile))).catch(() => '');
  const finding = findingAt({ bytes, file: manifestFile }, ['parent'], { code: 'parent', message });
  return new NstackError(code, message, { ...options, diagnostics: [finding] });
}
