import { describe, expect, it } from 'vitest';
import type { ErrorMessage } from '../../src/core/index.ts';
import { rateHistory, ratesOf } from '../../src/tui/state/samples.ts';
import { current, listed } from '../../src/tui/state/select.ts';
import {
  connected,
  entry,
  info,
  type Played,
  play,
  seconds,
  start,
  status,
  workflow,
} from './support/make.ts';

const names = (played: Played) => listed(played.state).map((watched) => watched.info.name);
const marked = (played: Played) => current(played.state)?.info.name;
const error = (message: string, more: Partial<ErrorMessage> = {}): ErrorMessage => ({
  code: 'workflow-invalid',
  message,
  diagnostics: [],
  ...more,
});
const told = (...workflows: readonly ReturnType<typeof workflow>[]) =>
  ({
    kind: 'told',
    events: workflows.map((each) => ({ kind: 'workflow', workflow: each }) as const),
  }) as const;
const three = () =>
  connected([workflow('b'), workflow('a', { state: 'failed' }), workflow('c', { state: 'stopped' })]);

describe('rates', () => {
  it('are differences between counts over the last five seconds, by the clock of the data path', () => {
    const { samples } = connected([])
      .after(...seconds('a', 20, 400))
      .state.workflows.get('a') ?? { samples: [] };
    expect(ratesOf(samples)).toEqual({
      in: 400,
      out: 400,
      nodes: [
        { in: 400, out: 400 },
        { in: 400, out: 400 },
        { in: 400, out: 400 },
      ],
    });
  });

  it('cover a minute and no more', () => {
    const { samples } = connected([])
      .after(...seconds('a', 100, 10))
      .state.workflows.get('a') ?? { samples: [] };
    expect(rateHistory(samples, 'out')).toEqual(Array.from({ length: 60 }, () => 10));
  });

  it('are not known before the second status, and begin anew with another data path', () => {
    const ran = connected([]).after(...seconds('a', 10, 50));
    const anew = ran.after(told(workflow('a', { status: status({ in: 1, out: 0, elapsed: 5 }) })), {
      kind: 'tick',
      now: start + 10_000,
    });
    expect(ratesOf(anew.state.workflows.get('a')?.samples ?? [])).toBeUndefined();
    const stopped = ran.after(told(workflow('a', { state: 'stopped' })), {
      kind: 'tick',
      now: start + 11_000,
    });
    expect(stopped.state.workflows.get('a')?.samples).toEqual([]);
  });
});

describe('the list', () => {
  it('is in the order of names, of urgency, of rates or of dead letters', () => {
    const played = connected([
      workflow('b', { deadLetters: 3 }),
      workflow('a'),
      workflow('c', { state: 'failed' }),
    ]);
    expect(names(played)).toEqual(['a', 'b', 'c']);
    expect(names(played.press('o'))).toEqual(['c', 'a', 'b']);
    expect(names(played.press('o', 'o', 'o'))).toEqual(['b', 'a', 'c']);
    expect(names(played.press('o', 'o', 'o', 'o'))).toEqual(['a', 'b', 'c']);
    expect(names(played.after(...seconds('b', 5, 10)).press('o', 'o'))).toEqual(['b', 'a', 'c']);
  });

  it('keeps the mark on a workflow, whatever comes before it, and goes to its neighbour when it is deleted', () => {
    const played = three().press('down');
    expect(marked(played)).toBe('b');
    expect(marked(played.after(told(workflow('Aa'))))).toBe('b');
    expect(marked(played.press('o'))).toBe('b');
    const gone = played.after({ kind: 'told', events: [{ kind: 'removed', name: 'b' }] });
    expect(marked(gone)).toBe('c');
    expect(marked(gone.after({ kind: 'told', events: [{ kind: 'removed', name: 'c' }] }))).toBe('a');
  });

  it('stays within its ends', () => {
    expect(marked(three().press('up', 'up'))).toBe('a');
    expect(marked(three().press('page-down', 'down', 'G'))).toBe('c');
    expect(connected([]).press('down', 'up', 'enter', 's', 'x', 'd').effects).toEqual([]);
  });

  it('is filtered by a part of the name or the state while it is typed, until Esc', () => {
    const typing = three().press('/', 'F', 'a', 'i');
    expect(names(typing)).toEqual(['a']);
    // What is typed is no command: q is a letter there.
    expect(names(typing.press('q'))).toEqual([]);
    expect(names(typing.press('q', 'backspace', 'enter'))).toEqual(['a']);
    expect(names(typing.press('enter', 'escape'))).toEqual(['a', 'b', 'c']);
    expect(names(typing.press('escape'))).toEqual(['a', 'b', 'c']);
  });
});

describe('actions', () => {
  it('are about the marked workflow, and only those that its state allows', () => {
    expect(three().press('s').effects).toEqual([
      { kind: 'act', number: 1, action: { kind: 'start', name: 'a' } },
    ]);
    expect(three().press('x', 'p').effects).toEqual([]);
    const running = three().press('down');
    expect(running.press('s').effects).toEqual([]);
    expect(running.press('x').effects).toMatchObject([{ action: { kind: 'stop', name: 'b', now: false } }]);
    expect(running.press('p').effects).toMatchObject([{ action: { kind: 'pause', name: 'b' } }]);
    const paused = running.after(told(workflow('b', { state: 'paused' })));
    expect(paused.press('p').effects).toMatchObject([{ action: { kind: 'resume', name: 'b' } }]);
  });

  it('stop now after a y, and after nothing else', () => {
    const asked = three().press('down', 'X');
    expect(asked.effects).toEqual([]);
    expect(asked.press('y').effects).toMatchObject([{ action: { kind: 'stop', name: 'b', now: true } }]);
    for (const key of ['n', 'enter', 'escape', 'x', ' ']) {
      expect(asked.press(key, 'y').effects).toEqual([]);
    }
  });

  it('tell how they go: under way, done for a while, or the error and the way out', () => {
    const began = three().press('s');
    expect(began.state.notice).toMatchObject({ kind: 'busy', text: 'starting a ...' });
    const done = began.after({
      kind: 'acted',
      number: 1,
      action: { kind: 'start', name: 'a' },
      done: true,
      text: 'a is running',
    });
    expect(done.state.notice).toMatchObject({ kind: 'done', text: 'a is running' });
    expect(done.after({ kind: 'tick', now: start + 6_000 }).state.notice).toBeUndefined();
    const place = { file: 'a.nstack', line: 1, column: 12 };
    const finding = {
      code: 'unknown',
      severity: 'error',
      message: 'there is no service "x"',
      place,
      hint: 'Build it.',
    } as const;
    const failed = began.after({
      kind: 'act-failed',
      number: 1,
      error: error('invalid', { diagnostics: [finding] }),
    });
    expect(failed.state.notice).toMatchObject({
      kind: 'failed',
      text: 'a.nstack:1:12: there is no service "x"',
      hint: 'Build it.',
    });
    expect(failed.press('down').state.notice).toBeUndefined();
  });
});

describe('a connection', () => {
  it('that was never there offers to start a supervisor, on this machine alone', () => {
    const lost = play().after({ kind: 'lost', error: error('no supervisor runs') });
    expect(lost.press('s').effects).toEqual([
      { kind: 'act', number: 1, action: { kind: 'start-supervisor' } },
    ]);
    const elsewhere = play(undefined, 'http://127.0.0.1:7700').after({ kind: 'lost', error: error('gone') });
    expect(elsewhere.press('s').effects).toEqual([]);
  });

  it('that is lost keeps what was known, and takes no action until it is back', () => {
    const lost = three()
      .press('down')
      .after({ kind: 'lost', error: error('it is gone') });
    expect(names(lost)).toEqual(['a', 'b', 'c']);
    expect(lost.press('x', 'p').effects).toEqual([]);
    expect(lost.press('s').effects).toMatchObject([{ action: { kind: 'start-supervisor' } }]);
    const back = lost.after({ kind: 'connected', info, workflows: [workflow('b'), workflow('d')] });
    expect(names(back)).toEqual(['b', 'd']);
    expect(marked(back)).toBe('b');
  });

  it('that is back loads the open tab again, and leaves a workflow that has gone', () => {
    const inLog = three().press('down', 'l');
    expect(inLog.effects).toEqual([{ kind: 'load-log', name: 'b' }]);
    const lost = inLog.after({ kind: 'lost', error: error('it is gone') });
    const back = lost.after({ kind: 'connected', info, workflows: [workflow('b')] });
    expect(back.effects).toEqual([
      { kind: 'load-log', name: 'b' },
      { kind: 'load-log', name: 'b' },
    ]);
    expect(lost.after({ kind: 'connected', info, workflows: [] }).state.detail).toBeUndefined();
  });
});

describe('the log', () => {
  const messages = (played: Played) => played.state.detail?.log.entries.map(({ message }) => message);
  const logs = (...texts: readonly string[]) =>
    ({ kind: 'told', events: texts.map((text) => ({ kind: 'log', entry: entry(text) }) as const) }) as const;
  const opened = () => connected([workflow('clicks')]).press('l');

  it('goes on from what was loaded without a gap and without a line twice', () => {
    const played = opened().after(logs('b', 'c'), {
      kind: 'log-loaded',
      name: 'clicks',
      entries: [entry('a'), entry('b')],
    });
    expect(messages(played)).toEqual(['a', 'b', 'c']);
    expect(messages(played.after(logs('d')))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('keeps a bounded number of lines', () => {
    const many = Array.from({ length: 2_500 }, (_, index) => String(index));
    const played = opened().after({ kind: 'log-loaded', name: 'clicks', entries: [] }, logs(...many));
    expect(messages(played)).toHaveLength(1_000);
    expect(messages(played)?.at(-1)).toBe('2499');
  });

  it('is held still by moving up and follows again at its end, by f and by G', () => {
    const played = opened().after({
      kind: 'log-loaded',
      name: 'clicks',
      entries: [entry('a'), entry('b'), entry('c')],
    });
    const bottom = (one: Played) => one.state.detail?.log.bottom;
    expect(bottom(played)).toBeUndefined();
    const held = played.press('up');
    expect(bottom(held)).toBeTypeOf('number');
    expect(bottom(held.after(logs('d', 'e')))).toBe(bottom(held));
    expect(bottom(held.press('down'))).toBeUndefined();
    for (const key of ['f', 'G', 'end']) expect(bottom(held.after(logs('d')).press(key))).toBeUndefined();
  });

  it('of another workflow is not kept, but for its last complaint', () => {
    const other = entry('out of memory', { workflow: 'b', level: 'error' });
    const played = connected([workflow('a'), workflow('b')]).after({
      kind: 'told',
      events: [{ kind: 'log', entry: other }],
    });
    expect(played.state.workflows.get('b')?.complaint?.message).toBe('out of memory');
  });
});

describe('dead letters', () => {
  const row = (id: number) => ({ id, at: '', stage: 'Clean', attempts: 3, error: 'no', message: '1' });
  const opened = () =>
    connected([workflow('a', { deadLetters: 3 })])
      .press('d')
      .after({ kind: 'letters-loaded', name: 'a', rows: [row(4), row(7), row(9)], more: false });

  it('are replayed one at a time, and dropped once that is confirmed', () => {
    const played = opened().press('down');
    expect(played.press('r').effects.at(-1)).toMatchObject({
      action: { kind: 'replay', name: 'a', ids: [7] },
    });
    const asked = played.press('d');
    expect(asked.effects).toEqual(played.effects);
    expect(asked.press('y').effects.at(-1)).toMatchObject({ action: { kind: 'drop', ids: [7] } });
    expect(played.press('D', 'y').effects.at(-1)).toMatchObject({ action: { kind: 'drop', ids: undefined } });
    expect(played.press('R', 'n').effects).toEqual(played.effects);
  });

  it('are loaded again when their number changes, at most once a second', () => {
    const changed = opened().after(
      told(workflow('a', { deadLetters: 4 })),
      told(workflow('a', { deadLetters: 5 })),
    );
    expect(changed.effects).toHaveLength(1);
    const ticked = changed.after({ kind: 'tick', now: start }, { kind: 'tick', now: start });
    expect(ticked.effects.slice(1)).toEqual([{ kind: 'load-letters', name: 'a', most: 100 }]);
  });

  it('mark the next one when the marked one has gone', () => {
    const gone = opened()
      .press('down')
      .after({ kind: 'letters-loaded', name: 'a', rows: [row(4), row(9)], more: false });
    expect(gone.press('r').effects.at(-1)).toMatchObject({ action: { ids: [9] } });
  });

  it('are loaded a page at a time', () => {
    const played = opened().after({ kind: 'letters-loaded', name: 'a', rows: [row(1), row(2)], more: true });
    expect(played.press('G').effects.at(-1)).toEqual({ kind: 'load-letters', name: 'a', most: 200 });
    expect(played.press('G', 'G').effects).toHaveLength(2);
  });

  it('that were replayed or dropped are not looked into any more, since those that fail again come back as others', () => {
    const open = opened().press('enter');
    expect(open.effects.at(-1)).toEqual({ kind: 'load-letter', name: 'a', id: 4 });
    const action = { kind: 'replay', name: 'a', ids: [4] } as const;
    for (const done of [true, false]) {
      const acted = open.after({ kind: 'acted', number: 1, action, done, text: '' });
      expect(acted.state.detail?.letter).toBeUndefined();
      expect(acted.effects.at(-1)).toMatchObject({ kind: 'load-letters' });
    }
  });

  it('that cannot be loaded say why, and are not waited for', () => {
    const failed = opened()
      .press('enter')
      .after({ kind: 'load-failed', name: 'a', error: error('gone') });
    expect(failed.state.detail?.letter).toBeUndefined();
    expect(failed.state.notice).toMatchObject({ kind: 'failed', text: 'gone' });
  });
});

describe('keys', () => {
  it('leave from anywhere by Ctrl-C, from the list by q, and go back by q and Esc elsewhere', () => {
    for (const path of [[], ['enter'], ['l'], ['?'], ['/'], ['d'], ['X']]) {
      expect(
        connected([workflow('a')])
          .press(...path, 'ctrl-c')
          .effects.at(-1),
      ).toEqual({ kind: 'leave' });
    }
    expect(connected([]).press('q').effects).toEqual([{ kind: 'leave' }]);
    const inside = connected([workflow('a')]).press('enter');
    for (const key of ['q', 'escape']) expect(inside.press(key).state.detail).toBeUndefined();
    expect(inside.press('q').effects).toEqual([]);
  });

  it('turn the tabs', () => {
    const tab = (...keys: readonly string[]) =>
      connected([workflow('a')]).press('enter', ...keys).state.detail?.tab;
    expect(tab('tab')).toBe('log');
    expect(tab('tab', 'tab', 'tab', 'tab')).toBe('nodes');
    expect(tab('back-tab')).toBe('letters');
    expect(tab('h', 'n')).toBe('nodes');
  });
});
