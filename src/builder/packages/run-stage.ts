import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Readable } from 'node:stream';
import { NstackError, packageRoot, quotedLines } from '../../core/index.ts';
import type { TaskOutcome } from '../../engine/index.ts';
import type { ImageFile } from '../../stacks/index.ts';
import { layerTar } from '../image/layer.ts';
import { explainFailure } from './explain-failure.ts';
import type { HostNetwork } from './host-network.ts';
import type { LayerStage } from './layer-stages.ts';
import type { StagesJob } from './stage-images.ts';
import { type StagePart, type StageStep, stageParts } from './stage-parts.ts';

/** Below what the build has for itself, and no layer has. */
const folder = '/.nstack/stage';
const outcomeFolder = `${folder}/outcome`;

/** What the steps of a stage have left. */
export interface StageOutcome {
  /** A tar of one folder: all that the layer has, or what templates/stage/layer.sh has put there. */
  readonly tar: Readable;
  /** Whether it is the layer itself. */
  readonly taken: boolean;
}

/**
 * Does the steps of a stage in a container of the image that it stands on, as the engine's builder would do them, but without making an image of them: an engine commits, and saves, an image with all that it
 * stands on. A stage that takes a folder of another one needs the steps of that one alone. Fails with `package-unknown`, `network`, `lock-differs` or `build-failed`.
 */
export async function runStage<T>(
  job: StagesJob,
  on: string,
  stage: LayerStage,
  use: (outcome: StageOutcome) => Promise<T>,
): Promise<T> {
  const { engine, recipe, options } = job;
  const { part, taken } = partToDo(stage);
  const output: string[] = [];
  const task = {
    image: job.shared.get(part.from) ?? on,
    purpose: `install packages (${stage.name})`,
    command: [
      '/bin/sh',
      ...(taken === undefined ? [`${folder}/layer.sh`, outcomeFolder] : [`${folder}/steps.sh`]),
      ...part.steps.flatMap(stepWords),
    ],
    env: variablesOf(part, options.network),
    workdir: part.workdir,
    files: layerTar(await filesOf(stage, takesLists(stage, part) ? job.lists : undefined)),
    outcome: taken ?? outcomeFolder,
    access: 'as a builder' as const,
    onLine(line: string) {
      output.push(line);
      if (output.length > keptLines) output.shift();
      options.onLine(line);
    },
  };
  return engine.runTask(
    task,
    async (outcome) => {
      if (outcome.code !== 0) throw explainFailure(recipe, output) ?? failed(stage, part, outcome, output);
      const tar = await outcome.files();
      if (tar === undefined) throw new Error(`the stage ${stage.name} has left no ${task.outcome}`);
      return use({ tar, taken: taken !== undefined });
    },
    options.signal,
  );
}

/** The part of a stage whose steps make its layer, and the folder of it that is taken where that is another one. */
function partToDo(stage: LayerStage): { readonly part: StagePart; readonly taken: string | undefined } {
  const parts = stageParts(stage);
  const { taken } = parts.get(stage.name) ?? {};
  const part = parts.get(taken?.stage ?? stage.name);
  if (part === undefined) throw new Error(`the stage ${stage.name} takes files of one that is not there`);
  return { part, taken: taken?.folder };
}

/** Lines of the tools that are kept for what is to be said of a failure. */
const keptLines = 400;

function stepWords(step: StageStep): readonly string[] {
  return step.kind === 'copy'
    ? ['copy', step.source, step.target]
    : ['run', `${step.command.length}`, ...step.command];
}

/** As the engine's builder has them: those that a stage names, and the proxies. */
function variablesOf(
  { variables }: StagePart,
  { certificates, proxies }: HostNetwork,
): Readonly<Record<string, string>> {
  const given: Readonly<Record<string, string>> = { NSTACK_CERTIFICATES: certificates };
  const named = [...variables].map(([name, value]) => [name, given[name] ?? value ?? ''] as const);
  return { ...proxies, ...Object.fromEntries(named) };
}

/** Author's commands do with apt what they like, and a lock may stand on the lists of another day. */
function takesLists({ name }: LayerStage, { variables }: StagePart): boolean {
  return (name === 'runtime' || name === 'os') && !variables.has('APT_CONFIG');
}

async function filesOf({ files }: LayerStage, lists: string | undefined): Promise<readonly ImageFile[]> {
  const scripts = ['steps.sh', 'layer.sh', ...(lists === undefined ? [] : ['bin/apt-get'])].map(
    async (name) => ({
      path: `${folder}/${name}`,
      content: await readFile(join(packageRoot(), 'templates/stage', name)),
      mode: 0o755,
    }),
  );
  return [
    ...(await Promise.all(scripts)),
    ...files.map((file) => ({ ...file, path: posix.join(folder, 'context', file.path) })),
    ...(lists === undefined ? [] : [{ path: `${folder}/lists.tar`, content: { file: lists }, mode: 0o644 }]),
  ];
}

/** The step that failed is said by templates/stage/steps.sh. An author knows a command by its text, which is the last word. */
function failed(
  { name }: LayerStage,
  { steps }: StagePart,
  { code }: Pick<TaskOutcome, 'code'>,
  output: readonly string[],
): NstackError {
  const said = output.findLast((line) => failedStep.test(line));
  const step = steps[Number(failedStep.exec(said ?? '')?.[1]) - 1];
  const what =
    name === 'commands' && step?.kind === 'run'
      ? `the command ${JSON.stringify(step.command.at(-1))} failed`
      : `packages cannot be installed (${name})`;
  const tail = quotedLines(output.filter((line) => line !== said));
  return new NstackError('build-failed', `${what}: exit code ${code}${tail}`);
}

const failedStep = /^nstack: step (\d+) failed$/;
