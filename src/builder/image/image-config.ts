import type { ImageInfo } from '../../engine/index.ts';
import type { LayerRecord } from './layer-records.ts';
import { fixedTime } from './tar-entries.ts';

export interface ImageConfigParts {
  /** The image below. */
  readonly below: ImageInfo;
  /** All of its layers, those of the image below among them. */
  readonly records: readonly LayerRecord[];
  readonly entrypoint: readonly string[];
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly created: string;
}

/** Services run as this user and group, which no file of the image belongs to. */
export const serviceUser = '65532:65532';

const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The image's config as the OCI image specification has it, in bytes: their digest is the image's id. It takes from the image below what it
 * stands on (layers, architecture, variables) and nothing else: how that one was built, and with what, is not told.
 */
export function imageConfig(parts: ImageConfigParts): Uint8Array {
  const env = { PATH: usualPath, ...variables(parts.below.config.Env), ...parts.env };
  return configBytes(parts.below, parts.records, parts.created, {
    User: serviceUser,
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    Entrypoint: parts.entrypoint,
    WorkingDir: parts.workdir,
    Labels: sorted(parts.labels),
  });
}

/** The config of an image of packages alone: the variables of the image that it was made on, and nothing else of it. */
export function packagesConfig(
  built: ImageInfo,
  records: readonly LayerRecord[],
  labels: Readonly<Record<string, string>>,
): Uint8Array {
  return configBytes(built, records, fixedTime.toISOString(), {
    Env: built.config.Env ?? [],
    Labels: sorted(labels),
  });
}

function configBytes(
  machine: ImageInfo,
  records: readonly LayerRecord[],
  created: string,
  config: Readonly<Record<string, unknown>>,
): Uint8Array {
  const whole = {
    architecture: architectureOf(machine),
    os: 'linux',
    created,
    config,
    rootfs: { type: 'layers', diff_ids: records.map(({ diffId }) => diffId) },
    history: records.map(({ name }) => ({ created, created_by: `nstack: ${name}` })),
  };
  return Buffer.from(JSON.stringify(whole));
}

function sorted(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function variables(env: unknown): Record<string, string> {
  const lines = Array.isArray(env) ? env.filter((line): line is string => typeof line === 'string') : [];
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** Services are built by the engine that runs them, on its own architecture. */
export function architectureOf({ config }: ImageInfo): string {
  const stated = config.architecture;
  if (typeof stated === 'string') return stated;
  return process.arch === 'x64' ? 'amd64' : process.arch;
}
