import { oneLine } from '../printable.ts';
import { helpLines } from '../views/help.ts';
import type { Action } from './action.ts';
import { commands } from './commands.ts';
import { act, type Step, stay } from './effect.ts';
import { bodyHeight } from './heights.ts';
import { workingBindings } from './keys.ts';
import { scrolled } from './move.ts';
import type { TuiState } from './state.ts';

/** What a key does: to the question or the help that is open, else by the table of keys. Others do nothing. */
export function pressed(state: TuiState, key: string): Step {
  const { overlay } = state;
  if (key === 'ctrl-c') return commands.leave(state);
  if (overlay?.kind === 'filter') return filtering(state, key);
  if (overlay?.kind === 'help') return helping(state, key, overlay.top);
  if (overlay?.kind === 'confirm') return confirming({ ...state, overlay: undefined }, key, overlay.action);
  const binding = workingBindings(state).find(({ keys }) => keys.includes(key));
  if (binding === undefined) return stay(state);
  // An error has been read when the next thing is done.
  const { notice } = state;
  return commands[binding.command](notice?.kind === 'failed' ? { ...state, notice: undefined } : state);
}

function filtering(state: TuiState, key: string): Step {
  const { list } = state;
  const to = (filter: string) => stay({ ...state, list: { ...list, filter } });
  switch (key) {
    case 'enter':
      return stay({ ...state, overlay: undefined });
    case 'escape':
      return stay({ ...state, overlay: undefined, list: { ...list, filter: '' } });
    case 'backspace':
      return to([...list.filter].slice(0, -1).join(''));
    case 'ctrl-u':
      return to('');
    case 'up':
    case 'down':
      return commands[key](state);
    default:
      return isCharacter(key) && list.filter.length < 100 ? to(list.filter + oneLine(key)) : stay(state);
  }
}

function helping(state: TuiState, key: string, top: number): Step {
  const height = bodyHeight(state);
  const to = (next: number) =>
    stay({
      ...state,
      overlay: { kind: 'help', top: scrolled(next, helpLines(state.size.columns).length, height) },
    });
  switch (key) {
    case 'up':
    case 'k':
      return to(top - 1);
    case 'down':
    case 'j':
      return to(top + 1);
    case 'page-up':
      return to(top - height);
    case 'page-down':
    case ' ':
      return to(top + height);
    default:
      return stay({ ...state, overlay: undefined });
  }
}

/** Only a y means yes. */
function confirming(state: TuiState, key: string, action: Action): Step {
  if (key === 'y' || key === 'Y') return act(state, action);
  return stay({ ...state, notice: { action: state.actions, kind: 'done', text: 'not done', at: state.now } });
}

function isCharacter(key: string): boolean {
  return [...key].length === 1;
}
