import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { type Diagnostic, NstackError, quotedLines } from '../core/index.ts';
import type { ContainerEngine, TaskOutcome } from '../engine/index.ts';
import type { CompileRecipe, ImageFile, LayerName } from '../stacks/index.ts';
import { layerTar } from './image/layer.ts';

/** Where sources are put, the command runs, and the outcome is left. */
const buildFolder = '/build';
const outcomeFolder = `${buildFolder}/out`;

/** What a compiler may take: GHC needs more than any service. */
const limits = { memory: 4 * 1024 ** 3, pids: 512 } as const;

/** Keeps a command that never stops writing from filling our memory. */
const mostBytes = 1024 ** 3;

/** Characters of what a compiler says. */
const mostOutput = 16 * 1024 ** 2;

const owner = { uid: 65532, gid: 65532 } as const;

/** What came of compiling: files of the image by layer, and what the compiler warned of. */
export interface Compiled {
  readonly layers: readonly { readonly name: LayerName; readonly files: readonly ImageFile[] }[];
  readonly warnings: readonly Diagnostic[];
}

export interface CompileOptions {
  /** True name of the service. */
  readonly service: string;
  /** Id, or reference, of the toolchain's image. */
  readonly toolchain: string;
  /** Compile in the service's warm builder, which stays; by default in a container that goes with the task. */
  readonly warm?: boolean;
  /** In the warm builder, do again only what changed, where the outcome need not be the same to the byte. */
  readonly incremental?: boolean;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Compiles a service's code in a container. Fails with `build-failed`, with the compiler's findings in the author's files. */
export async function compileCode(
  engine: ContainerEngine,
  recipe: CompileRecipe,
  options: CompileOptions,
): Promise<Compiled> {
  const warm = options.warm === true ? await compiledWarm(engine, recipe, options) : undefined;
  return warm ?? compileOnce(engine, recipe, options);
}

function filesOf(recipe: CompileRecipe): Readable {
  return layerTar([...recipe.sources, ...recipe.generated], owner);
}

/** Undefined where the builder could not, or where it has no findings to show for what failed. */
async function compiledWarm(
  engine: ContainerEngine,
  recipe: CompileRecipe,
  { service, toolchain, incremental, onLine, signal }: CompileOptions,
): Promise<Compiled | undefined> {
  const { compileWarm } = await import('./warm/compile-warm.ts');
  const output = keptOutput(onLine);
  const outcome = await compileWarm(engine, recipe, () => filesOf(recipe), {
    service,
    toolchain,
    workdir: buildFolder,
    limits,
    objects: incremental === true ? recipe.objects : undefined,
    most: mostBytes,
    onLine: output.take,
    signal,
  });
  if (outcome === undefined) return undefined;
  const findings = recipe.explain(output.lines.join('\n'));
  if (outcome.code === 0 && outcome.files !== undefined)
    return { layers: await readLayers(service, outcome.files), warnings: findings };
  const isExplained = findings.some(({ severity }) => severity === 'error');
  if (!isExplained) return undefined;
  throw compileFailed(service, { ...outcome, outOfMemory: false }, findings, output.lines);
}

async function compileOnce(
  engine: ContainerEngine,
  recipe: CompileRecipe,
  { service, toolchain, onLine, signal }: CompileOptions,
): Promise<Compiled> {
  const output = keptOutput(onLine);
  const task = {
    image: toolchain,
    purpose: `compile ${service}`,
    command: recipe.command,
    env: recipe.env,
    workdir: buildFolder,
    files: filesOf(recipe),
    outcome: outcomeFolder,
    access: limits,
    onLine: output.take,
  };
  return engine.runTask(
    task,
    async (outcome) => {
      const findings = recipe.explain(output.lines.join('\n'));
      if (outcome.code !== 0) throw compileFailed(service, outcome, findings, output.lines);
      return { layers: await readLayers(service, await outcome.files()), warnings: findings };
    },
    signal,
  );
}

/** What a compiler says, up to a length that no honest one comes to. */
function keptOutput(onLine: (line: string) => void) {
  const lines: string[] = [];
  let length = 0;
  return {
    lines,
    take(line: string) {
      length += line.length;
      if (length <= mostOutput) lines.push(line);
      onLine(line);
    },
  };
}

function compileFailed(
  service: string,
  { code, outOfMemory }: Pick<TaskOutcome, 'code' | 'outOfMemory'>,
  findings: readonly Diagnostic[],
  output: readonly string[],
): NstackError {
  if (outOfMemory)
    return new NstackError(
      'build-failed',
      `the compiler of ${service} needs more than ${limits.memory / 1024 ** 3} GiB of memory`,
      { hint: 'make the code simpler where it is largest, or spread it over several files' },
    );
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    return new NstackError('build-failed', `the code of ${service} does not compile`, {
      diagnostics: errors,
    });
  return new NstackError(
    'build-failed',
    `the code of ${service} does not compile: exit code ${code}${quotedLines(output)}`,
  );
}

/** The files below `out/LAYER/`, as the image will have them. */
async function readLayers(service: string, tar: Readable | undefined): Promise<Compiled['layers']> {
  const layers = new Map<LayerName, ImageFile[]>();
  if (tar === undefined) throw new Error(`compiling ${service} left nothing in ${outcomeFolder}`);
  const entries = extract();
  tar.on('error', (error) => entries.destroy(error));
  tar.pipe(entries);
  let bytes = 0;
  for await (const entry of entries) {
    const { name, type, mode = 0, size = 0 } = entry.header;
    const [, layer, ...parts] = posix.normalize(name).split('/');
    if (type === 'directory') {
      entry.resume();
      continue;
    }
    bytes += size;
    if (type !== 'file' || !isLayer(layer) || parts.length === 0 || bytes > mostBytes) {
      throw new NstackError(
        'build-failed',
        `compiling ${service} left ${name}, ${bytes > mostBytes ? `which makes more than ${mostBytes} bytes` : 'which is no file of a layer'}`,
      );
    }
    const file = {
      path: `/${parts.join('/')}`,
      content: await buffer(entry),
      mode: (mode & 0o100) === 0 ? 0o644 : 0o755,
    };
    layers.set(layer, [...(layers.get(layer) ?? []), file]);
  }
  return [...layers].map(([name, files]) => ({ name, files }));
}

/** Layers as they lie on each other, the lowest first. */
export const layerOrder: readonly LayerName[] = ['shim', 'files', 'code', 'archive'];

function isLayer(name: string | undefined): name is LayerName {
  return layerOrder.some((one) => one === name);
}

/** Layers in the order in which an image has them, whatever order they came in. */
export function inOrder<T extends { readonly name: LayerName }>(layers: readonly T[]): readonly T[] {
  return layers.toSorted((a, b) => layerOrder.indexOf(a.name) - layerOrder.indexOf(b.name));
}
