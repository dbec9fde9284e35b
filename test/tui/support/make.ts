import type { LogEntry, SupervisorInfo, WorkflowInfo, WorkflowStatus } from '../../../src/client/index.ts';
import type { Effect } from '../../../src/tui/state/effect.ts';
import type { TuiEvent } from '../../../src/tui/state/event.ts';
import { initialState, type TuiState } from '../../../src/tui/state/state.ts';
import { update } from '../../../src/tui/state/update.ts';

export const start = Date.parse('2026-03-01T12:00:00Z');

export function status(counts: { in: number; out: number; elapsed: number }): WorkflowStatus {
  const { in: read, out, elapsed } = counts;
  return {
    phase: 'running',
    elapsed,
    sources: [{ label: 'kafka/clicks', in: read, progress: { unit: 'messages', done: read, lag: 7 } }],
    stages: [{ label: 'Clean', in: read, out, dead: 2, retries: 4, replaced: 1, waiting: 3 }],
    sinks: [{ label: 'rabbitMQ/clean', out }],
    deadLetters: 2,
    pending: read - out,
    latency: { p50: 3.2, p99: 41 },
  };
}

export function workflow(name: string, more: Partial<WorkflowInfo> = {}): WorkflowInfo {
  return {
    name,
    version: 1,
    text: `${name} = kafka/clicks -> Clean -> rabbitMQ/clean`,
    state: 'running',
    since: new Date(start - 65_000).toISOString(),
    restarts: 0,
    deadLetters: 0,
    ...more,
  };
}

export const info: SupervisorInfo = {
  version: '0.1.0',
  pid: 1,
  started: '2026-03-01T11:00:00Z',
  stateFolder: '/state',
  listens: [],
  workflows: 0,
  running: 0,
  memory: 0,
  cpuSeconds: 0,
};

export function entry(message: string, more: Partial<LogEntry> = {}): LogEntry {
  const at = new Date(start).toISOString();
  return { at, workflow: 'clicks', stage: 'Clean', level: 'info', message, ...more };
}

/** A terminal UI without a terminal: events in, state and effects out. */
export interface Played {
  readonly state: TuiState;
  /** All that were asked for. */
  readonly effects: readonly Effect[];
  after(...events: readonly TuiEvent[]): Played;
  press(...keys: readonly string[]): Played;
}

export function play(size = { columns: 100, rows: 24 }, address = 'unix:/state/supervisor.sock'): Played {
  return played(initialState({ now: start, size, address }), []);
}

/** One that has found its supervisor. */
export function connected(
  workflows: readonly WorkflowInfo[],
  size?: { columns: number; rows: number },
): Played {
  return play(size).after({ kind: 'connected', info, workflows });
}

function played(state: TuiState, effects: readonly Effect[]): Played {
  return {
    state,
    effects,
    after(...events) {
      let now = state;
      const all = [...effects];
      for (const event of events) {
        const step = update(now, event);
        now = step.state;
        all.push(...step.effects);
      }
      return played(now, all);
    },
    press(...keys) {
      return this.after(...keys.map((key): TuiEvent => ({ kind: 'key', key })));
    },
  };
}

/** A status a second, by so many messages each. */
export function seconds(name: string, count: number, perSecond: number): readonly TuiEvent[] {
  return Array.from({ length: count }, (_, index): readonly TuiEvent[] => {
    const elapsed = index * 1_000;
    const counts = { in: index * perSecond + 5, out: index * perSecond, elapsed };
    return [
      { kind: 'told', events: [{ kind: 'workflow', workflow: workflow(name, { status: status(counts) }) }] },
      { kind: 'tick', now: start + elapsed },
    ];
  }).flat();
}
