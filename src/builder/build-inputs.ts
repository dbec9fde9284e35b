import { manifestToJson } from '../manifest/index.ts';
import type { CompileRecipe, Recipe, ServiceFolder } from '../stacks/index.ts';
import { type Layer, measureLayer } from './image/layer.ts';
import { jsonDigest } from './json-digest.ts';

/** Raised whenever this builder makes another image of the same inputs. */
const format = 3;

/** Everything that goes into one image, measured. */
export interface BuildInputs {
  /** Layers over the packages, in order, but for those that compiling makes. */
  readonly layers: readonly Layer[];
  /** Digest of what is compiled, and how; undefined where nothing is. */
  readonly compiled: string | undefined;
  /** Digest of the author's part: the same source is the same release, whatever base or version of nstack built it. */
  readonly source: string;
  /** Digest of everything: the same inputs, nothing to build. */
  digest(baseId: string): string;
}

/** Reads all that a build would put in the image, and nothing of what a build would make. */
export async function measureInputs(folder: ServiceFolder, recipe: Recipe): Promise<BuildInputs> {
  const filled = recipe.layers.filter(({ files }) => files.length > 0);
  const [layers, compiled] = await Promise.all([
    Promise.all(filled.map(({ name, files }) => measureLayer(name, files))),
    recipe.compile === undefined ? undefined : measureCompile(recipe.compile),
  ]);
  const own = layers.filter(({ name }) => name !== 'shim').map(({ diffId }) => diffId);
  const asked = [recipe.packages.asked, ...(compiled?.asked ?? [])];
  const source = jsonDigest([manifestToJson(folder.manifest), asked, own]);
  const { entrypoint, env, workdir, packages } = recipe;
  const digests = layers.map(({ diffId }) => diffId);
  const all = [format, source, packages.key, compiled?.key, entrypoint, env, workdir, digests];
  return {
    layers,
    compiled: compiled === undefined ? undefined : jsonDigest(compiled),
    source,
    digest: (baseId) => jsonDigest([...all, baseId]),
  };
}

/** What decides the outcome of compiling, without compiling: the author's part, and all of it. */
async function measureCompile({ toolchain, sources, generated, command, env }: CompileRecipe) {
  const [own, ours] = await Promise.all([
    measureLayer('sources', sources),
    measureLayer('generated', generated),
  ]);
  return {
    asked: [toolchain.asked, own.diffId],
    key: [toolchain.key, toolchain.on, ours.diffId, command, env],
  };
}
