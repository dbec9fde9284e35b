import type { ContainerEngine, ImageInfo } from '../engine/index.ts';
import type { BuildServiceOptions, BuildSubject } from './build-subject.ts';
import { type Compiled, compileCode } from './compile.ts';
import type { PackagesImage } from './packages/packages-step.ts';
import { runStep, type StepTime } from './progress.ts';
import { isRelease } from './up-to-date.ts';

export interface CompiledCode extends Compiled {
  /** What it was compiled in. */
  readonly toolchain: ImageInfo;
}

/** What compiling makes of the code; nothing where the language needs none. */
export async function compiledCode(
  engine: ContainerEngine,
  { folder, recipe: { compile } }: BuildSubject,
  {
    options,
    times,
    toolchain,
  }: {
    readonly options: BuildServiceOptions;
    readonly times: StepTime[];
    readonly toolchain: PackagesImage | undefined;
  },
): Promise<CompiledCode | undefined> {
  if (compile === undefined || toolchain === undefined) return undefined;
  const compiled = await runStep('compile the code', { onProgress: options.onProgress, times }, (onLine) =>
    compileCode(engine, compile, {
      service: folder.manifest.name,
      toolchain: toolchain.image.id,
      warm: options.warm === true && options.force !== true,
      // A snapshot is for whoever works on it; what others get is a release, and the same wherever it is built.
      incremental: !isRelease(folder.manifest.version),
      onLine,
      signal: options.signal,
    }),
  );
  return { ...compiled, toolchain: toolchain.image };
}
