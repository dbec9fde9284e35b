import type {
  DeadLetterInfo,
  HistoryEntry,
  LogEntry,
  SupervisorInfo,
  WorkflowInfo,
} from '../../client/index.ts';
import type { ErrorMessage } from '../../core/index.ts';
import type { Action } from './action.ts';
import type { Sample } from './samples.ts';

/** All that is drawn, as plain data: {@link update} makes the next from what happens, views make lines of it. */
export interface TuiState {
  /** Milliseconds since the epoch at the last tick. */
  readonly now: number;
  readonly size: Size;
  /** Where the supervisor is, for people. */
  readonly address: string;
  /** Whether one may be started here: not where it is another machine's. */
  readonly startable: boolean;
  readonly connection: Connection;
  readonly workflows: ReadonlyMap<string, Watched>;
  readonly list: { readonly selected: string | undefined; readonly filter: string; readonly order: Order };
  /** The workflow that is looked into; undefined: the list is shown. */
  readonly detail: Detail | undefined;
  readonly overlay: Overlay | undefined;
  readonly notice: Notice | undefined;
  /** How many actions were begun. */
  readonly actions: number;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected'; readonly info: SupervisorInfo }
  | { readonly kind: 'lost'; readonly error: ErrorMessage };

/** A workflow as it is now, and what was seen of it. */
export interface Watched {
  readonly info: WorkflowInfo;
  /** One a second, the newest last. */
  readonly samples: readonly Sample[];
  /** The last that its services logged as an error. */
  readonly complaint?: LogEntry;
}

export const orders = ['name', 'state', 'rate', 'dead letters'] as const;
export type Order = (typeof orders)[number];

export const tabs = ['nodes', 'log', 'history', 'letters'] as const;
export type Tab = (typeof tabs)[number];

export interface Detail {
  readonly name: string;
  readonly tab: Tab;
  /** The node that is marked. */
  readonly node: number;
  readonly log: LogPane;
  readonly history: HistoryPane;
  readonly letters: LettersPane;
  /** The dead letter that is looked into. */
  readonly letter: LetterPane | undefined;
}

export interface LogPane {
  readonly entries: readonly NumberedEntry[];
  readonly next: number;
  /** What came while the older lines are being loaded; undefined: nothing is being loaded. */
  readonly arrived: readonly LogEntry[] | undefined;
  /** Number of the entry at the lower edge; undefined: the newest, always. */
  readonly bottom: number | undefined;
}

export interface NumberedEntry extends LogEntry {
  readonly number: number;
}

export interface HistoryPane {
  /** The newest first; undefined: not loaded yet. */
  readonly entries: readonly HistoryEntry[] | undefined;
  readonly stale: boolean;
  readonly row: number;
}

export interface LettersPane {
  /** Undefined: not loaded yet. */
  readonly rows: readonly LetterRow[] | undefined;
  /** There are more than were loaded. */
  readonly more: boolean;
  /** How many are loaded at the most. */
  readonly most: number;
  readonly loading: boolean;
  readonly stale: boolean;
  readonly selected: number | undefined;
}

/** A dead letter as a row shows it: messages may be large, and only their beginnings are kept. */
export type LetterRow = Pick<DeadLetterInfo, 'id' | 'at' | 'stage' | 'attempts'> & {
  readonly error: string;
  readonly message: string;
};

export interface LetterPane {
  readonly id: number;
  /** Undefined: not loaded yet. */
  readonly letter: DeadLetterInfo | undefined;
  readonly top: number;
}

export type Overlay =
  | { readonly kind: 'filter' }
  | { readonly kind: 'help'; readonly top: number }
  | { readonly kind: 'confirm'; readonly question: string; readonly action: Action };

/** What came of the last action, or that it is under way. */
export interface Notice {
  readonly action: number;
  readonly kind: 'busy' | 'done' | 'failed';
  readonly text: string;
  readonly hint?: string;
  readonly at: number;
}

export interface InitialOptions {
  readonly now: number;
  readonly size: Size;
  readonly address: string;
}

export function initialState({ now, size, address }: InitialOptions): TuiState {
  return {
    now,
    size,
    address,
    startable: address.startsWith('unix:'),
    connection: { kind: 'connecting' },
    workflows: new Map(),
    list: { selected: undefined, filter: '', order: 'name' },
    detail: undefined,
    overlay: undefined,
    notice: undefined,
    actions: 0,
  };
}
