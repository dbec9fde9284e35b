import { oneLine } from '../printable.ts';
import type { Action } from './action.ts';
import type { TuiState } from './state.ts';

/** What is to be done in the world, as plain data; what comes of it returns as an event. */
export type Effect =
  | { readonly kind: 'act'; readonly number: number; readonly action: Action }
  | { readonly kind: 'load-log'; readonly name: string }
  | { readonly kind: 'load-history'; readonly name: string }
  | { readonly kind: 'load-letters'; readonly name: string; readonly most: number }
  | { readonly kind: 'load-letter'; readonly name: string; readonly id: number }
  | { readonly kind: 'leave' };

/** The next state, and what is to be done. */
export interface Step {
  readonly state: TuiState;
  readonly effects: readonly Effect[];
}

export function stay(state: TuiState, ...effects: readonly Effect[]): Step {
  return { state, effects };
}

/** Begins an action and says so. */
export function act(state: TuiState, action: Action): Step {
  const number = state.actions + 1;
  const notice = { action: number, kind: 'busy', text: `${doing(action)} ...`, at: state.now } as const;
  return stay({ ...state, actions: number, notice }, { kind: 'act', number, action });
}

function doing(action: Action): string {
  switch (action.kind) {
    case 'start':
      return `starting ${oneLine(action.name)}`;
    case 'pause':
      return `pausing ${oneLine(action.name)}`;
    case 'resume':
      return `resuming ${oneLine(action.name)}`;
    case 'stop':
      return `stopping ${oneLine(action.name)}${action.now ? ' now' : ''}`;
    case 'replay':
      return `replaying ${letters(action.ids)}`;
    case 'drop':
      return `dropping ${letters(action.ids)}`;
    case 'start-supervisor':
      return 'starting a supervisor';
    default:
      return action satisfies never;
  }
}

function letters(ids: readonly number[] | undefined): string {
  return ids === undefined ? 'all dead letters' : `dead letter ${ids.join(', ')}`;
}
