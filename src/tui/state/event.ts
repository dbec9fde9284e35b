import type {
  DeadLetterInfo,
  HistoryEntry,
  LogEntry,
  SupervisorEvent,
  SupervisorInfo,
  WorkflowInfo,
} from '../../client/index.ts';
import type { ErrorMessage } from '../../core/index.ts';
import type { Action } from './action.ts';
import type { LetterRow, Size } from './state.ts';

/** All that can happen to the terminal UI. */
export type TuiEvent =
  /** Once a second. */
  | { readonly kind: 'tick'; readonly now: number }
  | { readonly kind: 'resized'; readonly size: Size }
  /** A character, or the name of a key: `up`, `enter`, `ctrl-c`. */
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'connected'; readonly info: SupervisorInfo; readonly workflows: readonly WorkflowInfo[] }
  | { readonly kind: 'lost'; readonly error: ErrorMessage }
  | { readonly kind: 'told'; readonly events: readonly SupervisorEvent[] }
  /** `done` false: it was tried, and `text` says what is left. */
  | {
      readonly kind: 'acted';
      readonly number: number;
      readonly action: Action;
      readonly done: boolean;
      readonly text: string;
    }
  | { readonly kind: 'act-failed'; readonly number: number; readonly error: ErrorMessage }
  | { readonly kind: 'log-loaded'; readonly name: string; readonly entries: readonly LogEntry[] }
  | { readonly kind: 'history-loaded'; readonly name: string; readonly entries: readonly HistoryEntry[] }
  | {
      readonly kind: 'letters-loaded';
      readonly name: string;
      readonly rows: readonly LetterRow[];
      readonly more: boolean;
    }
  | { readonly kind: 'letter-loaded'; readonly name: string; readonly letter: DeadLetterInfo }
  | { readonly kind: 'load-failed'; readonly name: string; readonly error: ErrorMessage };
