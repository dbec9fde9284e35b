import { render } from 'ink';
import type { SupervisorEvent } from '../client/index.ts';
import { App } from './app.tsx';
import { perform, type World } from './perform.ts';
import type { Effect } from './state/effect.ts';
import type { TuiEvent } from './state/event.ts';
import { initialState, type Size } from './state/state.ts';
import { update } from './state/update.ts';
import { screenLines } from './views/screen.ts';
import { watchSupervisor } from './watch.ts';

export interface TuiOptions extends World {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly color: boolean;
  /** Aborted: the terminal is given back, and the returned promise rejects with the reason. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two looks at what the supervisor told: it tells more often than anyone can read. */
const lookInterval = 200;
const tickInterval = 1_000;
/** Log lines of one look that are kept; the others are too many to be seen. */
const mostLogLines = 1_000;

/** The reason of an end that is no error. */
const userLeft = Symbol('the user left');

const noWrap = '\u{1b}[?7l';
const wrapAgain = '\u{1b}[?7h';

/** Runs the terminal UI of a supervisor, on the terminal's other screen, until the user leaves. */
export async function runTui(options: TuiOptions): Promise<void> {
  const { client, stdin, stdout, color, signal } = options;
  const left = new AbortController();
  const end = AbortSignal.any([left.signal, signal]);
  const sizeNow = (): Size => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  let state = initialState({ now: Date.now(), size: sizeNow(), address: client.address });
  let waiting: SupervisorEvent[] = [];

  const draw = () => <App lines={screenLines(state)} color={color} onKey={onKey} />;
  function onKey(key: string): void {
    dispatch({ kind: 'key', key });
  }
  function dispatch(event: TuiEvent): void {
    if (end.aborted) return;
    try {
      const step = update(state, event);
      state = step.state;
      for (const effect of step.effects) carryOut(effect);
      screen.rerender(draw());
    } catch (defect) {
      // The terminal is given back first, so that the defect can be read.
      left.abort(defect);
    }
  }
  function carryOut(effect: Effect): void {
    if (effect.kind === 'leave') left.abort(userLeft);
    else void perform(effect, options).then(dispatch);
  }
  /** Takes in what was told since the last look. */
  function look(): void {
    if (waiting.length === 0) return;
    const events = waiting;
    waiting = [];
    dispatch({ kind: 'told', events: newest(events) });
  }

  // Where a terminal takes a sign for wider than we do, its line is cut off and does not push the others down.
  stdout.write(noWrap);
  const screen = render(draw(), {
    stdin,
    stdout,
    exitOnCtrlC: false,
    patchConsole: false,
    // There is a terminal, whatever the variable CI says.
    interactive: true,
    alternateScreen: true,
    incrementalRendering: true,
    maxFps: 20,
  });
  const onResize = () => dispatch({ kind: 'resized', size: sizeNow() });
  stdout.on('resize', onResize);
  const timers = [
    setInterval(look, lookInterval),
    setInterval(() => dispatch({ kind: 'tick', now: Date.now() }), tickInterval),
  ];
  void watchSupervisor(
    client,
    {
      connected(info, workflows) {
        waiting = [];
        dispatch({ kind: 'connected', info, workflows });
      },
      told: (event) => waiting.push(event),
      lost: (error) => dispatch({ kind: 'lost', error }),
    },
    end,
  );
  try {
    await Promise.race([screen.waitUntilExit(), aborted(end)]);
  } finally {
    left.abort(userLeft);
    for (const timer of timers) clearInterval(timer);
    stdout.off('resize', onResize);
    screen.unmount();
    await screen.waitUntilExit().catch(() => {});
    stdout.write(wrapAgain);
  }
  if (end.reason !== userLeft) throw end.reason;
}

/** Of very many log lines the last ones; of states all. */
function newest(events: readonly SupervisorEvent[]): readonly SupervisorEvent[] {
  let lines = 0;
  return events
    .toReversed()
    .filter(({ kind }) => kind !== 'log' || ++lines <= mostLogLines)
    .reverse();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
