import type { MeasuredLayer } from './image/layer.ts';
import { jsonDigest } from './json-digest.ts';

/** Raised whenever this builder makes another image of the same inputs. */
const format = 4;

/** All that goes into an image beside its layers and its base, as it is digested. */
export interface InputParts {
  /** nstack.yaml as JSON. */
  readonly manifest: string;
  /** What the author asks for: packages, and what is compiled. */
  readonly asked: readonly unknown[];
  /** nstack's part of the packages. */
  readonly packages: string;
  /** And of compiling; undefined where nothing is compiled. */
  readonly compile: readonly unknown[] | undefined;
  readonly entrypoint: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
}

/** Digest of the author's part: the same source is the same release, whatever base or version of nstack built it. */
export function sourceDigest({ manifest, asked }: InputParts, layers: readonly MeasuredLayer[]): string {
  const own = layers.filter(({ name }) => name !== 'shim').map(({ diffId }) => diffId);
  return jsonDigest([manifest, asked, own]);
}

/** Digest of all that an image on this base is made of, what is locked (a digest) among it: the same digest, nothing to build. */
export function wholeDigest(
  parts: InputParts,
  layers: readonly MeasuredLayer[],
  { baseId, locked }: { readonly baseId: string; readonly locked: string | undefined },
): string {
  const { packages, compile, entrypoint, env, workdir } = parts;
  const digests = layers.map(({ diffId }) => diffId);
  const source = sourceDigest(parts, layers);
  return jsonDigest([format, source, packages, compile, entrypoint, env, workdir, digests, baseId, locked]);
}
