import { workflowRuns } from '../../client/index.ts';
import type { CommandName } from './commands.ts';
import { current } from './select.ts';
import type { Tab, TuiState } from './state.ts';

/** Where the keyboard is heard: the list, a tab of a workflow, or a dead letter. */
export type Place = 'list' | Tab | 'letter';

/** What a key does, where. The help, the footer and what happens all come from the one table of these. */
export interface Binding {
  /** Characters, and names of keys. */
  readonly keys: readonly string[];
  /** The keys as people read them. */
  readonly shown: string;
  /** The footer's word for it; left out: it is in the help alone. */
  readonly word?: string;
  readonly help: string;
  readonly places: readonly Place[];
  readonly command: CommandName;
  /** Whether it does something now; left out: always. */
  works?(state: TuiState): boolean;
}

const tabs: readonly Place[] = ['nodes', 'log', 'history', 'letters'];
const workflow: readonly Place[] = ['list', ...tabs];
const everywhere: readonly Place[] = [...workflow, 'letter'];

export const bindings: readonly Binding[] = [
  {
    keys: ['s'],
    shown: 's',
    word: 'start a supervisor',
    help: 'start a supervisor, where none runs',
    places: workflow,
    command: 'start-supervisor',
    works: ({ connection, startable }) => connection.kind === 'lost' && startable,
  },
  {
    keys: ['enter'],
    shown: 'Enter',
    word: 'open',
    help: 'look into the workflow',
    places: ['list'],
    command: 'open',
    works: isThere,
  },
  {
    keys: ['enter'],
    shown: 'Enter',
    word: 'show',
    help: 'show the dead letter: its message and its stack trace',
    places: ['letters'],
    command: 'open-letter',
    works: hasLetter,
  },
  {
    keys: ['r'],
    shown: 'r',
    word: 'replay',
    help: 'send the dead letter once more to the stage that gave it up',
    places: ['letters', 'letter'],
    command: 'replay',
    works: hasLetter,
  },
  {
    keys: ['d'],
    shown: 'd',
    word: 'drop',
    help: 'forget the dead letter for good, once you have confirmed',
    places: ['letters', 'letter'],
    command: 'drop',
    works: hasLetter,
  },
  {
    keys: ['R'],
    shown: 'R',
    word: 'replay all',
    help: 'replay all dead letters, once you have confirmed',
    places: ['letters'],
    command: 'replay-all',
    works: hasLetter,
  },
  {
    keys: ['D'],
    shown: 'D',
    word: 'drop all',
    help: 'forget all dead letters, once you have confirmed',
    places: ['letters'],
    command: 'drop-all',
    works: hasLetter,
  },
  {
    keys: ['f'],
    shown: 'f',
    word: 'follow',
    help: 'follow what comes; moving up holds the log still',
    places: ['log'],
    command: 'last',
    works: ({ detail }) => detail?.log.bottom !== undefined,
  },
  {
    keys: ['s'],
    shown: 's',
    word: 'start',
    help: 'start the workflow; it goes on where it stood',
    places: workflow,
    command: 'start',
    works: (state) => runs(state) === false,
  },
  {
    keys: ['x'],
    shown: 'x',
    word: 'stop',
    help: 'stop it in order: what was read is finished',
    places: workflow,
    command: 'stop',
    works: (state) => runs(state) === true,
  },
  {
    keys: ['X'],
    shown: 'X',
    word: 'stop now',
    help: 'stop it now, once you have confirmed: what was read goes again at the next start',
    places: workflow,
    command: 'stop-now',
    works: (state) => runs(state) === true,
  },
  {
    keys: ['p'],
    shown: 'p',
    word: 'pause',
    help: 'read nothing more for a while',
    places: workflow,
    command: 'pause',
    works: (state) => isConnected(state) && current(state)?.info.state === 'running',
  },
  {
    keys: ['p'],
    shown: 'p',
    word: 'resume',
    help: 'go on after a pause',
    places: workflow,
    command: 'resume',
    works: (state) => isConnected(state) && current(state)?.info.state === 'paused',
  },
  {
    keys: ['n'],
    shown: 'n',
    word: 'nodes',
    help: 'its sources, stages and sinks',
    places: ['log', 'history', 'letters'],
    command: 'nodes',
  },
  {
    keys: ['l'],
    shown: 'l',
    word: 'log',
    help: 'what its services print and log',
    places: ['list', 'nodes', 'history', 'letters'],
    command: 'log',
    works: isThere,
  },
  {
    keys: ['h'],
    shown: 'h',
    word: 'history',
    help: 'when it was started, stopped and restarted, and why',
    places: ['list', 'nodes', 'log', 'letters'],
    command: 'history',
    works: isThere,
  },
  {
    keys: ['d'],
    shown: 'd',
    word: 'dead letters',
    help: 'the messages that were given up on',
    places: ['list', 'nodes', 'log', 'history'],
    command: 'letters',
    works: isThere,
  },
  { keys: ['tab', 'right'], shown: 'Tab →', help: 'the next tab', places: tabs, command: 'next-tab' },
  {
    keys: ['back-tab', 'left'],
    shown: 'Shift-Tab ←',
    help: 'the tab before',
    places: tabs,
    command: 'previous-tab',
  },
  {
    keys: ['/'],
    shown: '/',
    word: 'filter',
    help: 'show those alone whose name or state has a text in it',
    places: ['list'],
    command: 'filter',
  },
  {
    keys: ['o'],
    shown: 'o',
    word: 'order',
    help: 'order by name, state, rate or dead letters',
    places: ['list'],
    command: 'order',
  },
  { keys: ['up', 'k'], shown: '↑ k', help: 'up', places: everywhere, command: 'up' },
  { keys: ['down', 'j'], shown: '↓ j', help: 'down', places: everywhere, command: 'down' },
  { keys: ['page-up', 'ctrl-b'], shown: 'PgUp', help: 'a page up', places: everywhere, command: 'page-up' },
  {
    keys: ['page-down', 'ctrl-f', ' '],
    shown: 'PgDn Space',
    help: 'a page down',
    places: everywhere,
    command: 'page-down',
  },
  { keys: ['home', 'g'], shown: 'Home g', help: 'to the first', places: everywhere, command: 'first' },
  { keys: ['end', 'G'], shown: 'End G', help: 'to the last', places: everywhere, command: 'last' },
  { keys: ['?'], shown: '?', word: 'help', help: 'this help', places: everywhere, command: 'help' },
  {
    keys: ['escape'],
    shown: 'Esc',
    word: 'all',
    help: 'show all workflows again',
    places: ['list'],
    command: 'clear-filter',
    works: ({ list }) => list.filter !== '',
  },
  {
    keys: ['escape', 'q', 'backspace'],
    shown: 'Esc q',
    word: 'back',
    help: 'back',
    places: [...tabs, 'letter'],
    command: 'back',
  },
  {
    keys: ['q'],
    shown: 'q',
    word: 'quit',
    help: 'leave; workflows go on',
    places: ['list'],
    command: 'leave',
  },
  { keys: ['ctrl-c'], shown: 'Ctrl-C', help: 'leave from anywhere', places: everywhere, command: 'leave' },
];

export function placeOf({ detail }: TuiState): Place {
  if (detail === undefined) return 'list';
  return detail.letter === undefined ? detail.tab : 'letter';
}

/** What keys do now. */
export function workingBindings(state: TuiState): readonly Binding[] {
  const place = placeOf(state);
  return bindings.filter(({ places, works }) => places.includes(place) && (works?.(state) ?? true));
}

function isConnected({ connection }: TuiState): boolean {
  return connection.kind === 'connected';
}

function isThere(state: TuiState): boolean {
  return current(state) !== undefined;
}

/** Undefined: that is not known, or there is no workflow. */
function runs(state: TuiState): boolean | undefined {
  const watched = current(state);
  return watched === undefined || !isConnected(state) ? undefined : workflowRuns(watched.info.state);
}

function hasLetter(state: TuiState): boolean {
  const { detail } = state;
  return isConnected(state) && (detail?.letter !== undefined || (detail?.letters.rows ?? []).length > 0);
}
