import type { Diagnostic } from '../core/index.ts';
import type { ContainerEngine } from '../engine/index.ts';
import { imageReference, type RegisteredService } from '../registry/index.ts';
import { type ServiceFolder, stackFor } from '../stacks/index.ts';
import { measureInputs } from './build-inputs.ts';
import type { BuildServiceOptions, BuildSubject } from './build-subject.ts';
import type { StepTime } from './progress.ts';
import { presentBase, upToDate } from './up-to-date.ts';

export interface BuildResult {
  readonly service: RegisteredService;
  /** False: the image that was there is what a build would have made. */
  readonly changed: boolean;
  readonly seconds: number;
  /** What took how long, in order; empty where nothing changed. */
  readonly steps: readonly StepTime[];
  /** What the compiler warned of, in the author's files. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Turns a service folder into a registered image, or finds that it is one already. The image gets its tag, and so is registered, after the probe
 * has proved it; a build that fails or is interrupted leaves what was there as it was. Fails with `release-exists` where the version is a
 * release that has been built of another source, `package-unknown`, `build-failed`, what the probe fails with, ...
 */
export async function buildService(
  engine: ContainerEngine,
  folder: ServiceFolder,
  options: BuildServiceOptions,
): Promise<BuildResult> {
  const since = performance.now();
  const { manifest } = folder;
  const reference = imageReference(manifest.name, manifest.version);
  const measured = stackFor(manifest.stack.language)
    .recipe(folder)
    .then(async (recipe) => ({ recipe, inputs: await measureInputs(folder, recipe) }));
  const [{ recipe, inputs }, base, existing] = await Promise.all([
    measured,
    presentBase(engine, folder),
    engine.inspectImage(reference),
  ]);
  const subject: BuildSubject = { folder, recipe, inputs, reference };
  const registered = upToDate(subject, existing, base, options.force === true);
  if (registered !== undefined)
    return { service: registered, changed: false, seconds: secondsSince(since), steps: [], warnings: [] };
  const { buildImage } = await import('./build-image.ts');
  const built = await buildImage(engine, subject, options);
  return { ...built, seconds: secondsSince(since) };
}

function secondsSince(since: number): number {
  return (performance.now() - since) / 1000;
}
