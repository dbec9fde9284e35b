import { stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { digestOf } from '../../core/index.ts';
import { manifestToJson } from '../../manifest/index.ts';
import { fileDigest } from '../../stacks/file-digest.ts';
import type { ImageFile, PackageRecipe } from '../../stacks/index.ts';
import type { BaseImage } from '../base/base-image.ts';
import type { BuildSubject } from '../build-subject.ts';

/** What explanations speak of: layers of the image, and what they are made with or told by, from below. */
export const explainedLayers = [
  'base',
  'runtime',
  'os',
  'language',
  'commands',
  'compiler',
  'shim',
  'files',
  'code',
  'archive',
  'image',
] as const;

/** Those that hold packages, and stand on each other. */
export const packageLayers = ['runtime', 'os', 'language', 'commands'] as const;

export type ExplainedLayer = (typeof explainedLayers)[number];

/** One thing that goes into a layer. */
export interface InputPart {
  readonly layer: ExplainedLayer;
  /** `entry`: one of several, there or not. `own`: nstack's. The others have a digest that changes. */
  readonly kind: 'file' | 'key' | 'entry' | 'own' | 'image';
  /** A path below the service's folder, a key of nstack.yaml, a package as it is asked for. */
  readonly name: string;
  readonly digest: string;
}

/** All that goes into the image of a service, by name. Reads the files again: it is asked for where something was built, or is to be explained. */
export async function inputParts(
  { folder, recipe }: BuildSubject,
  base: BaseImage,
): Promise<readonly InputPart[]> {
  const { compile } = recipe;
  const files = await Promise.all(
    recipe.layers.map(({ name, files }) =>
      name === 'shim'
        ? ownPart(name, `${folder.manifest.stack.language} shim`, files)
        : fileParts(name, files, recipe.workdir),
    ),
  );
  const compiled =
    compile === undefined
      ? []
      : [
          ...packageParts(compile.toolchain, 'compiler and shim', () => 'compiler'),
          ...(await fileParts('code', compile.sources, '/build/src')),
        ];
  return [
    { layer: 'base', kind: 'image', name: `base image ${base.reference}`, digest: base.id },
    ...packageParts(recipe.packages, 'package recipe', layerOfLine),
    ...folder.manifest.commands.map((command) => entry('commands', `commands: ${command}`)),
    ...(await lockPart(folder.root)),
    ...files.flat(),
    ...compiled,
    ...manifestParts(manifestToJson(folder.manifest)),
  ];
}

function packageParts(
  { wanted, tools }: PackageRecipe,
  what: string,
  layerOf: (line?: string) => ExplainedLayer,
): readonly InputPart[] {
  // Commands are told as they are written.
  const lines = wanted.filter((line) => !line.startsWith('commands '));
  return [
    ...lines.map((line) => entry(layerOf(line), `packages: ${line}`)),
    { layer: layerOf(), kind: 'own', name: what, digest: digestOf(tools) },
  ];
}

/** The layer that a line of what is asked for goes into: a version of the language, a package as it is written, a file of the language's own tool with its digest. Its templates are in the lowest. */
function layerOfLine(line = 'stack '): ExplainedLayer {
  if (line.startsWith('stack ')) return 'runtime';
  return /^(?:pip|maven|hackage):|^\S+ sha256:/.test(line) ? 'language' : 'os';
}

function entry(layer: ExplainedLayer, name: string): InputPart {
  return { layer, kind: 'entry', name: name.slice(0, 200), digest: '' };
}

async function fileParts(
  layer: ExplainedLayer,
  files: readonly ImageFile[],
  workdir: string,
): Promise<readonly InputPart[]> {
  const parts = files.map(async (file): Promise<InputPart> => {
    const digest = await fileDigest(file);
    return { layer, kind: 'file', name: posix.relative(workdir, file.path), digest: digestOf(digest) };
  });
  return Promise.all(parts);
}

async function ownPart(
  layer: ExplainedLayer,
  name: string,
  files: readonly ImageFile[],
): Promise<readonly InputPart[]> {
  const digests = await Promise.all(files.map(fileDigest));
  return [{ layer, kind: 'own', name, digest: digestOf(digests.join('\n')) }];
}

async function lockPart(root: string): Promise<readonly InputPart[]> {
  const file = join(root, 'nstack.lock');
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) return [];
  const files = [{ path: '/nstack.lock', content: { file }, mode: 0o644 }];
  return (
    await Promise.all((['os', 'language'] as const).map((layer) => fileParts(layer, files, '/')))
  ).flat();
}

/** Keys of nstack.yaml that have layers of their own are told there. */
const elsewhere = new Set(['packages', 'commands', 'files', 'name', 'version']);

function manifestParts(json: string): readonly InputPart[] {
  const keys: Readonly<Record<string, unknown>> = JSON.parse(json);
  return Object.entries(keys)
    .filter(([key]) => !elsewhere.has(key))
    .map(([key, value]) => ({
      layer: 'image',
      kind: 'key',
      name: key,
      digest: digestOf(JSON.stringify(value)),
    }));
}
