import type { BuildProgress } from '../builder/index.ts';
import type { Steps } from './steps.ts';

/** Shows what the builder is at. */
export function showProgress(steps: Steps, event: BuildProgress): void {
  switch (event.kind) {
    case 'begin':
      steps.begin(event.step);
      break;
    case 'detail':
      steps.detail(event.text);
      break;
    case 'end':
      steps.end(event.remark);
      break;
    default:
      event satisfies never;
  }
}
