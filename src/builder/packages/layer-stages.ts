import { posix } from 'node:path';
import type { BuildContext, ImageFile } from '../../stacks/index.ts';

/** The stages of a Dockerfile that are a layer of what it makes, in order. `compiler` is a toolchain's alone; `shared` stands for each that is called `shared-NAME`, which no service has. */
export const layerStageNames = ['compiler', 'runtime', 'os', 'language', 'commands', 'shared'] as const;

export type LayerStageName = (typeof layerStageNames)[number];

/** One layer's part of a Dockerfile: its own stage, and before it those that help to make it. */
export interface LayerStage {
  readonly name: LayerStageName;
  /** Instructions, from `FROM` on. */
  readonly dockerfile: string;
  /** Files of the context that it copies. */
  readonly files: readonly ImageFile[];
  /** It adds nothing to what it stands on. */
  readonly empty: boolean;
}

/** Takes a rendered Dockerfile apart. A stage that is no layer belongs to the next one that is. */
export function layerStages({ dockerfile, files }: BuildContext): readonly LayerStage[] {
  const stages: LayerStage[] = [];
  let helpers = '';
  for (const text of withoutComments(dockerfile).split(/^(?=FROM )/m)) {
    const name = layerOf(nameOf(text));
    if (name === undefined) {
      helpers += text;
      continue;
    }
    const whole = helpers + text;
    helpers = '';
    const copied = sourcesOf(whole);
    stages.push({
      name,
      dockerfile: whole,
      files: files.filter(({ path }) => copied.some((source) => isBelow(path, source))),
      empty: !instructionsOf(text).some(addsSomething),
    });
  }
  return stages;
}

/** References of the images of {@link SharedTools}, by the names of their stages: `shared-NAME`. */
export type SharedImages = ReadonlyMap<string, string>;

/**
 * The Dockerfile of some of the stages on an image that has those before them. What stands on a stage that was left out, since it adds nothing, stands on the one before it. Shared tools are those of
 * the images.
 */
export function stagesContext(
  stages: readonly LayerStage[],
  below: string,
  shared: SharedImages = new Map(),
): BuildContext {
  const lines = stages.flatMap(({ dockerfile }) => dockerfile.split('\n'));
  const made = new Set(lines.map(nameOf));
  const dockerfile = lines.flatMap((line) => {
    const [, from = '', as = ''] = /^FROM (\S+)( AS \S+)?$/.exec(line) ?? [];
    if (from === '') return [withShared(line, shared)];
    const tools = shared.get(from);
    if (tools !== undefined) return [`FROM ${tools}${as}`];
    const ground = madeBefore(from, made);
    // A parent's image runs as the user of services, who may install nothing.
    return ground === undefined ? [`FROM ${below}${as}`, 'USER root'] : [`FROM ${ground}${as}`];
  });
  return { dockerfile: dockerfile.join('\n'), files: [...new Set(stages.flatMap(({ files }) => files))] };
}

function withShared(line: string, shared: SharedImages): string {
  const [, stage = '', rest = ''] = /^COPY --from=(shared-\S+)( .*)$/.exec(line) ?? [];
  const tools = shared.get(stage);
  return tools === undefined ? line : `COPY --from=${tools}${rest}`;
}

/** Whether a stage uses tools that are in an image of their own: these, or any. */
export function usesShared({ dockerfile }: LayerStage, tools?: string): boolean {
  const used = [...dockerfile.matchAll(/^(?:FROM |COPY --from=)(shared-\S+)/gm)];
  return used.some(([, name]) => tools === undefined || name === tools);
}

/** The stage itself where it is made, else the nearest layer below it that is. */
function madeBefore(stage: string, made: ReadonlySet<string | undefined>): string | undefined {
  if (made.has(stage)) return stage;
  const names: readonly string[] = layerStageNames;
  return names.slice(0, Math.max(names.indexOf(stage), 0)).findLast((one) => made.has(one));
}

function layerOf(stage: string | undefined): LayerStageName | undefined {
  return layerStageNames.find((one) => one === stage?.replace(/^shared-.*/, 'shared'));
}

function nameOf(stage: string): string | undefined {
  return /^FROM \S+ AS (\S+)$/m.exec(stage)?.[1];
}

/** Lines that an instruction is continued on begin with blanks. */
function withoutComments(dockerfile: string): string {
  const lines = dockerfile.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return `${lines.join('\n')}\n`;
}

/** Instructions with the lines that they are continued on. */
function instructionsOf(stages: string): readonly string[] {
  return stages.replaceAll('\\\n', ' ').split('\n');
}

/** What is put below /.nstack is for the build alone. */
function addsSomething(instruction: string): boolean {
  return /^(?:RUN|COPY|ADD) /.test(instruction) && !/^COPY \S+ \/\.nstack\//.test(instruction);
}

function sourcesOf(stages: string): readonly string[] {
  return instructionsOf(stages).flatMap((line) => {
    const [, source] = /^COPY (?!--from)(\S+) /.exec(line) ?? [];
    return source === undefined ? [] : [posix.normalize(source)];
  });
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
