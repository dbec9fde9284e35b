import { posix } from 'node:path';
import type { BuildContext, ImageFile, Recipe } from '../../stacks/index.ts';
import { layerOrder } from '../compile.ts';
import { jsonForm, newlineArgument, quotedValue } from './instruction.ts';
import { placeStages } from './place-stages.ts';

/** The config of the image that is to come out, as the built one has it. */
export interface EjectedConfig {
  readonly User: string;
  readonly WorkingDir: string;
  readonly Entrypoint: readonly string[];
  /** `NAME=value` */
  readonly Env: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
}

export interface EjectedParts {
  /** For the first line. */
  readonly title: string;
  readonly recipe: Recipe;
  /** Reference of the base image. */
  readonly base: string;
  /** Reference of the parent's image, where the service has one. */
  readonly parent: string | undefined;
  /** The rendered packages; undefined where the parent has them all. */
  readonly packages: BuildContext | undefined;
  readonly toolchain: BuildContext | undefined;
  readonly config: EjectedConfig;
}

export const ejectedTitle = '# Written by nstack eject: ';

/** A Dockerfile and its context that make the same image as nstack, by the engine's own builder alone. */
export function ejectedContext(parts: EjectedParts): BuildContext {
  const { recipe, packages, toolchain } = parts;
  const { compile } = recipe;
  const sections = [
    `${ejectedTitle}${parts.title}\n# README.md says how to build it.`,
    ...groundStages(parts),
    packages === undefined
      ? `FROM ${groundName(parts)} AS packages`
      : // What a build says of itself is for nstack alone; of a mounted secret the builder leaves an empty file.
        `${placed('packages', groundName(parts), packages)}\nRUN ${jsonForm(['rm', '-rf', '/.nstack', ...(packages.dockerfile.includes('RUN --mount=') ? ['/run/secrets'] : [])])}`,
    ...(toolchain === undefined || compile === undefined
      ? []
      : [
          placed('toolchain', compile.toolchain.on === 'base' ? 'base' : 'packages', toolchain),
          compileStage(compile),
        ]),
    finalStage(parts),
  ];
  const files = [
    ...belowFolder('packages', packages?.files ?? []),
    ...belowFolder('toolchain', toolchain?.files ?? []),
    ...belowFolder('compile', [...(compile?.sources ?? []), ...(compile?.generated ?? [])]),
    ...recipe.layers.flatMap(({ name, files }) => belowFolder(`layers/${name}`, files)),
    { path: 'certificates.pem', content: Buffer.alloc(0), mode: 0o644 },
  ];
  return { dockerfile: `${sections.join('\n\n')}\n`, files };
}

function groundName({ parent }: EjectedParts): string {
  return parent === undefined ? 'base' : 'parent';
}

function groundStages({ base, parent, recipe }: EjectedParts): readonly string[] {
  const needsBase = parent === undefined || recipe.compile?.toolchain.on === 'base';
  const from = (name: string, reference: string) => `ARG ${name.toUpperCase()}=${quotedValue(reference)}`;
  const given = [
    ...(needsBase ? [['base', base] as const] : []),
    ...(parent === undefined ? [] : [['parent', parent] as const]),
  ];
  return [
    given.map(([name, reference]) => from(name, reference)).join('\n'),
    given.map(([name]) => `FROM \${${name.toUpperCase()}} AS ${name}`).join('\n'),
  ];
}

function placed(name: string, below: string, { dockerfile, files }: BuildContext): string {
  const withCertificates = new Set(files.filter(isCertificates).map(({ path }) => posix.dirname(path)));
  return placeStages(dockerfile, { name, below, folder: name, withCertificates });
}

/** One file at the context's root stands for all of them. */
function isCertificates({ path }: ImageFile): boolean {
  return (
    posix.basename(path) === 'certificates.pem' &&
    posix.dirname(path) !== 'files' &&
    !path.startsWith('files/')
  );
}

function belowFolder(folder: string, files: readonly ImageFile[]): readonly ImageFile[] {
  return files
    .filter((file) => !isCertificates(file) || (folder !== 'packages' && folder !== 'toolchain'))
    .map((file) => ({ ...file, path: posix.join(folder, file.path) }));
}

function compileStage({ command, env }: NonNullable<Recipe['compile']>): string {
  return [
    'FROM toolchain AS compile',
    'COPY compile/build/ /build/',
    'WORKDIR /build',
    ...pairs('ENV', Object.entries(env)),
    `RUN ${jsonForm(command)}`,
    `RUN ${jsonForm(['/bin/sh', '-euc', gather, ...layerOrder])}`,
  ].join('\n');
}

/** One folder of all that compiling left: a COPY that adds nothing makes the next one fail in older builders (moby/moby#37965). */
const gather =
  'mkdir image; for layer in "$0" "$@"; do if [ -d "out/$layer" ]; then cp -a "out/$layer/." image/; fi; done';

/** Files of the image are copied by the folder, so that no name of theirs stands in the Dockerfile. */
function finalStage({ recipe, config }: EjectedParts): string {
  const filled = new Set(recipe.layers.filter(({ files }) => files.length > 0).map(({ name }) => name));
  const copies = layerOrder.filter((name) => filled.has(name)).map((name) => `COPY layers/${name}/ /`);
  const env = config.Env.map((line) => line.split(/=(.*)/s)).map(
    ([name = '', value = '']) => [name, value] as const,
  );
  return [
    'FROM packages',
    ...copies,
    ...(recipe.compile === undefined ? [] : [`COPY --from=compile /build/image/ /`]),
    `ARG ${newlineArgument}`,
    ...pairs('ENV', env),
    ...pairs('LABEL', Object.entries(config.Labels)),
    `WORKDIR ${config.WorkingDir}`,
    `USER ${config.User}`,
    `ENTRYPOINT ${jsonForm(config.Entrypoint)}`,
  ].join('\n');
}

/** One instruction for all of them. */
function pairs(instruction: string, entries: readonly (readonly [string, string])[]): readonly string[] {
  if (entries.length === 0) return [];
  return [
    `${instruction} ${entries.map(([name, value]) => `${name}=${quotedValue(value)}`).join(' \\\n  ')}`,
  ];
}
