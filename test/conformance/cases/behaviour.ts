import type { LanguageAdapter } from '../language-adapter.ts';
import type { SharedSessions } from '../shared-sessions.ts';
import { endingCases } from './endings.ts';
import { errorCases } from './errors.ts';
import { frameCases } from './frames.ts';
import { notificationCases } from './notifications.ts';
import { printCases } from './prints.ts';
import { slowCases } from './slow-calls.ts';
import { sourceCases } from './sources.ts';
import { transcriptCases } from './transcripts.ts';

/** Something that every shim does in the same way, shown on a shim that other cases use too, or on one of its own. */
export interface BehaviourCase {
  readonly area: string;
  readonly name: string;
  run(language: LanguageAdapter, shared: SharedSessions): Promise<void>;
}

export const behaviourCases: readonly BehaviourCase[] = [
  ...transcriptCases,
  ...frameCases,
  ...errorCases,
  ...printCases,
  ...slowCases,
  ...sourceCases,
  ...endingCases,
  ...notificationCases,
];
