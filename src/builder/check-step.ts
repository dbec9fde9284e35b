import type { ServiceFolder } from '../stacks/index.ts';
import { begun } from './begun.ts';
import type { BuildServiceOptions } from './build-subject.ts';
import { runStep, type StepTime } from './progress.ts';

/** The static check of a build, which goes on beside what is quick, and before anything that takes long or lasts. */
export interface CheckStep {
  /** Begins it, unless it has begun. */
  begin(): void;
  /** Its end; fails with what it finds. */
  done(): Promise<void>;
}

export function checkStep(
  folder: ServiceFolder,
  { check, onProgress }: Pick<BuildServiceOptions, 'check' | 'onProgress'>,
  times: StepTime[],
): CheckStep {
  let running: Promise<void> | undefined;
  let step: Promise<void> | undefined;
  const begin = () => {
    running ??= begun(check?.(folder) ?? Promise.resolve());
    return running;
  };
  return {
    begin,
    done() {
      if (check === undefined) return begin();
      step ??= runStep('check the code', { onProgress, times }, begin);
      return step;
    },
  };
}
