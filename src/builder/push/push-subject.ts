import { digestOf, NstackError } from '../../core/index.ts';
import type { ContainerEngine } from '../../engine/index.ts';
import { type Manifest, manifestFromJson } from '../../manifest/index.ts';
import { findService, labels, splitServiceReference } from '../../registry/index.ts';
import {
  type ImageRecord,
  type LayerStore,
  readImageRecord,
  type SourceOrigin,
  takeFromEngine,
  writeImageRecord,
} from '../store/index.ts';

/** The image that is to be pushed, as its config has it. */
export interface PushSubject {
  readonly name: string;
  readonly version: string;
  /** The exact text of the config, and its digest. */
  readonly config: string;
  readonly imageId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly manifest: Manifest;
  readonly description: string | undefined;
  /** ISO 8601. */
  readonly created: string;
  /** Diff ids, base first. */
  readonly layers: readonly string[];
  readonly origin: SourceOrigin | undefined;
}

/** Where images are found. The engine is connected to when it is needed. */
export interface ImageSources {
  readonly cacheFolder: string;
  readonly store: LayerStore;
  readonly connect: () => Promise<ContainerEngine>;
  readonly signal: AbortSignal;
}

/**
 * The image of a service (`Name`, `Name:1.2.0`) as it was last built or pulled here; where no record tells of it, as the engine has it. Fails with
 * `service-unknown`, or `engine-unavailable` where the engine is needed and is not there.
 */
export async function pushSubject(reference: string, sources: ImageSources): Promise<PushSubject> {
  const { cacheFolder, store, connect, signal } = sources;
  const { name, version } = splitServiceReference(reference);
  const record = await readImageRecord(cacheFolder, name, version);
  if (record !== undefined && version !== undefined) return subjectOf(record);
  const engine = await connect().catch((error: unknown) => {
    // The newest that is recorded is the newest that this nstack has made.
    if (record !== undefined) return undefined;
    throw needsEngine(`the cache holds no record of ${reference}`, error);
  });
  if (engine === undefined) return subjectOf(record as ImageRecord);
  const service = await findService(engine, reference);
  const known = await readImageRecord(cacheFolder, name, service.version);
  if (known !== undefined) return subjectOf(known);
  const config = await takeFromEngine(engine, service.image, store, signal);
  const taken = { name, version: service.version, config };
  await writeImageRecord(cacheFolder, taken);
  return subjectOf(taken);
}

/** An engine that is not there, and what it is needed for. */
export function needsEngine(why: string, cause: unknown): unknown {
  if (!(cause instanceof NstackError) || cause.code !== 'engine-unavailable') return cause;
  return new NstackError(
    'engine-unavailable',
    `${why}, and the container engine cannot be asked for it: ${cause.message}`,
    {
      cause,
      ...(cause.hint === undefined ? {} : { hint: cause.hint }),
    },
  );
}

function subjectOf({ name, version, config, origin }: ImageRecord): PushSubject {
  const parsed: {
    readonly created?: string;
    readonly config?: { readonly Labels?: Readonly<Record<string, string>> };
    readonly rootfs?: { readonly diff_ids?: readonly string[] };
  } = JSON.parse(config);
  const stated = parsed.config?.Labels ?? {};
  const manifest = manifestFromJson(stated[labels.manifest] ?? '');
  return {
    name,
    version,
    config,
    imageId: digestOf(Buffer.from(config)),
    labels: stated,
    manifest,
    description: manifest.description,
    created: parsed.created ?? '',
    layers: parsed.rootfs?.diff_ids ?? [],
    origin,
  };
}
