import { createHash } from 'node:crypto';
import { manifestToJson } from '../manifest/index.ts';
import type { Recipe, ServiceFolder } from '../stacks/index.ts';
import { type Layer, measureLayer } from './layer.ts';

/** Raised whenever this builder makes another image of the same inputs. */
const format = 1;

/** Everything that goes into one image, measured. */
export interface BuildInputs {
  /** Layers over the packages, in order. */
  readonly layers: readonly Layer[];
  /** Digest of the author's part: the same source is the same release, whatever base or version of nstack built it. */
  readonly source: string;
  /** Digest of everything: the same inputs, nothing to build. */
  digest(baseId: string): string;
}

/** Reads all that a build would put in the image, and nothing of what a build would make. */
export async function measureInputs(folder: ServiceFolder, recipe: Recipe): Promise<BuildInputs> {
  const filled = recipe.layers.filter(({ files }) => files.length > 0);
  const layers = await Promise.all(filled.map(({ name, files }) => measureLayer(name, files)));
  const own = layers.filter(({ name }) => name !== 'shim').map(({ diffId }) => diffId);
  const source = digestOf([manifestToJson(folder.manifest), recipe.packages.asked, own]);
  const { entrypoint, env, workdir, packages } = recipe;
  const all = [format, source, packages.key, entrypoint, env, workdir, layers.map(({ diffId }) => diffId)];
  return { layers, source, digest: (baseId) => digestOf([...all, baseId]) };
}

function digestOf(value: unknown): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(value)).digest('hex')}`;
}
