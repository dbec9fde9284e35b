import type { ImageInfo } from '../../engine/index.ts';
import type { Layer } from './layer.ts';

export interface ImageConfigParts {
  /** The image below. */
  readonly below: ImageInfo;
  readonly layers: readonly Layer[];
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
  const { below, layers, created } = parts;
  const env = { PATH: usualPath, ...variables(below.config.Env), ...parts.env };
  const config = {
    architecture: architectureOf(below),
    os: 'linux',
    created,
    config: {
      User: serviceUser,
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      Entrypoint: parts.entrypoint,
      WorkingDir: parts.workdir,
      Labels: Object.fromEntries(Object.entries(parts.labels).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
    rootfs: { type: 'layers', diff_ids: [...below.layers, ...layers.map(({ diffId }) => diffId)] },
    history: [
      ...below.layers.map(() => ({ created, created_by: 'nstack: packages' })),
      ...layers.map(({ name }) => ({ created, created_by: `nstack: ${name}` })),
    ],
  };
  return Buffer.from(JSON.stringify(config));
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
