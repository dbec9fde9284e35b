import { count, type DeadLetterInfo, letterText, type SupervisorClient } from '../client/index.ts';
import { toErrorMessage } from '../core/index.ts';
import { oneLine } from './printable.ts';
import type { Action } from './state/action.ts';
import type { Effect } from './state/effect.ts';
import type { TuiEvent } from './state/event.ts';
import type { LetterRow } from './state/state.ts';

export interface World {
  readonly client: SupervisorClient;
  /** Starts a supervisor on this machine. Resolves with a sentence about it. */
  startSupervisor(): Promise<string>;
}

const mostLogLines = 1_000;
const mostHistory = 500;

/** Does what an effect says, and answers the event that comes of it. Never rejects. */
export async function perform(effect: Exclude<Effect, { kind: 'leave' }>, world: World): Promise<TuiEvent> {
  const { client } = world;
  if (effect.kind === 'act') {
    const { number, action } = effect;
    try {
      return { kind: 'acted', number, action, ...(await act(action, world)) };
    } catch (error) {
      return { kind: 'act-failed', number, error: toErrorMessage(error) };
    }
  }
  const { name } = effect;
  try {
    switch (effect.kind) {
      case 'load-log':
        return { kind: 'log-loaded', name, entries: await client.logs(name, mostLogLines) };
      case 'load-history':
        return { kind: 'history-loaded', name, entries: await client.history(name, mostHistory) };
      case 'load-letters':
        return { kind: 'letters-loaded', name, ...(await loadLetters(client, name, effect.most)) };
      case 'load-letter':
        return { kind: 'letter-loaded', name, letter: await client.deadLetters.get(name, effect.id) };
      default:
        return effect satisfies never;
    }
  } catch (error) {
    return { kind: 'load-failed', name, error: toErrorMessage(error) };
  }
}

interface Done {
  readonly done: boolean;
  readonly text: string;
}

async function act(action: Action, { client, startSupervisor }: World): Promise<Done> {
  switch (action.kind) {
    case 'start':
      return told(await client.start({ name: action.name }));
    case 'stop':
      return told(await client.stop(action.name, { now: action.now }));
    case 'pause':
      return told(await client.pause(action.name));
    case 'resume':
      return told(await client.resume(action.name));
    case 'replay': {
      const { replayed, failed } = await client.deadLetters.replay(action.name, action.ids);
      if (failed === 0) return { done: true, text: `${letters(replayed)} replayed` };
      return {
        done: false,
        text: `${replayed === 0 ? '' : `${letters(replayed)} replayed, `}${letters(failed)} failed again and kept`,
      };
    }
    case 'drop':
      return {
        done: true,
        text: `${letters(await client.deadLetters.drop(action.name, action.ids))} dropped`,
      };
    case 'start-supervisor':
      return { done: true, text: await startSupervisor() };
    default:
      return action satisfies never;
  }
}

function told({ name, state }: { readonly name: string; readonly state: string }): Done {
  return { done: true, text: `${oneLine(name)} is ${state}` };
}

function letters(many: number): string {
  return many === 1 ? '1 dead letter' : `${count(many)} dead letters`;
}

/** The oldest, at most so many, and whether there are more. */
async function loadLetters(
  client: SupervisorClient,
  name: string,
  most: number,
): Promise<{ readonly rows: readonly LetterRow[]; readonly more: boolean }> {
  const rows: LetterRow[] = [];
  for await (const letter of client.deadLetters.list(name, { most: most + 1 })) {
    if (rows.length === most) return { rows, more: true };
    rows.push(rowOf(letter));
  }
  return { rows, more: false };
}

const mostInRow = 500;

function rowOf({ id, at, stage, attempts, error, message }: DeadLetterInfo): LetterRow {
  const start = (text: string) => oneLine(text.slice(0, mostInRow));
  return {
    id,
    at,
    stage,
    attempts,
    error: start(error.message),
    message: start(letterText({ message }).text),
  };
}
