import type { ServiceFolder } from '../stacks/index.ts';
import type { BuildServiceOptions } from './build-subject.ts';
import { runStep, type StepTime } from './progress.ts';

/** The static check of a build, which goes on beside what is quick, and before anything that takes long or lasts. */
export interface CheckStep {
  /** Begins it, unless it has begun. Resolves at its end; fails with what it finds. */
  done(): Promise<void>;
}

export function checkStep(
  folder: ServiceFolder,
  { check, onProgress }: Pick<BuildServiceOptions, 'check' | 'onProgress'>,
  times: StepTime[],
): CheckStep {
  let step: Promise<void> | undefined;
  return {
    done() {
      step ??=
        check === undefined
          ? Promise.resolve()
          : runStep('check the code', { onProgress, times }, () => check(folder));
      return step;
    },
  };
}
