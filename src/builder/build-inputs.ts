import { manifestToJson } from '../manifest/index.ts';
import type { CompileRecipe, Recipe, ServiceFolder } from '../stacks/index.ts';
import { type Layer, measureLayer } from './image/layer.ts';
import { type InputParts, sourceDigest } from './input-digests.ts';
import { jsonDigest } from './json-digest.ts';

/** Everything that goes into one image, measured. */
export interface BuildInputs {
  /** Layers over the packages, in order, but for those that compiling makes. */
  readonly layers: readonly Layer[];
  /** What goes in beside them. */
  readonly parts: InputParts;
  /** Digest of what is compiled, and how; undefined where nothing is. */
  readonly compiled: string | undefined;
  /** {@link sourceDigest} */
  readonly source: string;
}

/** Reads all that a build would put in the image, and nothing of what a build would make. */
export async function measureInputs(folder: ServiceFolder, recipe: Recipe): Promise<BuildInputs> {
  const filled = recipe.layers.filter(({ files }) => files.length > 0);
  const [layers, compiled] = await Promise.all([
    Promise.all(filled.map(({ name, files }) => measureLayer(name, files))),
    recipe.compile === undefined ? undefined : measureCompile(recipe.compile),
  ]);
  const { entrypoint, env, workdir, packages } = recipe;
  const parts = {
    manifest: manifestToJson(folder.manifest),
    asked: [packages.asked, ...(compiled?.asked ?? [])],
    packages: packages.key,
    compile: compiled?.key,
    entrypoint,
    env,
    workdir,
  };
  return {
    layers,
    parts,
    compiled: compiled === undefined ? undefined : jsonDigest(compiled),
    source: sourceDigest(parts, layers),
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
