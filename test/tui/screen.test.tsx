import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderToString } from 'ink';
import { render } from 'ink-testing-library';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/core/index.ts';
import { App } from '../../src/tui/app.tsx';
import { bindings } from '../../src/tui/state/keys.ts';
import { screenLines } from '../../src/tui/views/screen.ts';
import { connected, entry, type Played, play, seconds, start, status, workflow } from './support/make.ts';

/** What stands on the screen; it is checked that it fits. */
function screen({ state }: Played): string {
  const lines = screenLines(state);
  expect(lines).toHaveLength(state.size.rows);
  for (const line of lines) {
    expect(stringWidth(line.map(({ text }) => text).join(''))).toBeLessThanOrEqual(state.size.columns);
  }
  const { columns } = state.size;
  const drawn = renderToString(<App lines={lines} color={false} onKey={() => {}} />, { columns });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what may not be there is what is looked for
  expect(drawn).not.toMatch(/[\u{0}-\u{9}\u{b}-\u{1a}\u{1c}-\u{1f}\u{7f}-\u{9f}]/u);
  return drawn;
}

const clicks = workflow('clicks', {
  restarts: 2,
  deadLetters: 12,
  status: status({ in: 1_234_567, out: 1_234_000, elapsed: 1_000 }),
});
const failed = workflow('orders', {
  state: 'failed',
  error: { code: 'broker-unavailable', message: 'kafka at broker:9092 does not answer', diagnostics: [] },
});
const narrow = { columns: 60, rows: 15 };
const wide = { columns: 220, rows: 60 };

describe('the list', () => {
  it('has a row for each workflow, with state, rates, counts, dead letters, lag and latency', () => {
    const text = screen(connected([clicks, failed], wide).after(...seconds('clicks', 6, 400)));
    expect(text).toContain('2 workflows, 1 running');
    expect(text).toMatch(
      /NAME +STATE +FOR +IN\/S +OUT\/S +IN +OUT +PENDING +DEAD +LAG +P50 +P99 +RESTARTS +ERROR/,
    );
    expect(text).toMatch(/> clicks +running +1 min 10 s +400 +400 +2,005 +2,000 +5 +0 +7 +3\.2 ms +41 ms +0/);
    expect(text).toMatch(/orders +failed .* kafka at broker:9092 does not answer/);
  });

  it('leaves out what matters least on a narrow screen, and shows the trouble of the marked workflow below', () => {
    const text = screen(connected([clicks, failed], narrow).press('down'));
    expect(text).toMatch(/NAME +STATE +FOR +IN\/S +OUT\/S +DEAD/);
    expect(text).not.toContain('RESTARTS');
    expect(text).toMatch(/\n {2}kafka at broker:9092 does not answer\n/);
  });

  it('scrolls so that the marked row is seen', () => {
    const many = Array.from({ length: 200 }, (_, index) => workflow(`w${String(index).padStart(3, '0')}`));
    const top = screen(connected(many, narrow));
    expect(top).toContain('> w000');
    expect(top).not.toContain('w050');
    const far = screen(connected(many, narrow).press('page-down', 'page-down', 'page-down', 'down'));
    expect(far).toMatch(/> w03\d/);
    expect(screen(connected(many, narrow).press('end'))).toContain('> w199');
  });

  it('says that there is nothing yet, or nothing that the filter lets through', () => {
    expect(screen(connected([]))).toContain('no workflows yet: `nstack start` starts one');
    const typing = connected([clicks]).press('/', 'x', 'y');
    expect(screen(typing)).toContain('no workflow has "xy" in its name or state');
    expect(screen(typing)).toContain('/xy_');
  });
});

describe('the connection', () => {
  const message = 'no supervisor runs (looked at unix:/state/supervisor.sock)';
  const error = { code: 'supervisor-unavailable', message, diagnostics: [] } as const;

  it('that was never there says so, and how to start a supervisor', () => {
    const text = screen(play(narrow).after({ kind: 'lost', error }));
    expect(text).toContain('no supervisor runs; press s to start one');
    expect(text).toContain('s start a supervisor');
    expect(screen(play(narrow))).toContain('looking for the supervisor');
  });

  it('that is lost is told above what was last known', () => {
    const text = screen(
      connected([clicks]).after({ kind: 'lost', error: { ...error, message: 'it is gone' } }),
    );
    expect(text).toContain('lost, tried again every second: it is gone');
    expect(text).toContain('clicks');
    expect(text).not.toContain('x stop');
  });
});

describe('a workflow', () => {
  it('shows its text, its rates over a minute, and a row for each node', () => {
    const text = screen(
      connected([clicks])
        .after(...seconds('clicks', 70, 400))
        .press('enter'),
    );
    expect(text).toContain('clicks = kafka/clicks -> Clean -> rabbitMQ/clean');
    expect(text).toMatch(/in +400\/s █{60}/);
    expect(text).toContain('p50 3.2 ms  p99 41 ms');
    expect(text).toMatch(/> source +kafka\/clicks +400 +27\.6k +7/);
    expect(text).toMatch(/stage +Clean +400 +400 +27\.6k +27\.6k +3 +4 +2 +1/);
    expect(text).toMatch(/sink +rabbitMQ\/clean +400 +27\.6k/);
    expect(text).toContain('[nodes]');
  });

  it('that does not run shows how its last run went, and what is wrong', () => {
    const outcome = {
      how: 'stopped',
      in: 10,
      out: 8,
      deadLetters: 2,
      lost: 0,
      milliseconds: 1_000,
      where: 'out',
    } as const;
    const text = screen(connected([{ ...failed, outcome }]).press('enter'));
    expect(text).toContain('last run stopped: 10 in, 8 out, 2 dead letters, 0 lost');
    expect(text).toContain('kafka at broker:9092 does not answer');
    expect(text).toContain('it does not run');
  });

  it('shows its log with levels, and long entries over several lines', () => {
    const entries = [
      entry('ready'),
      entry('x'.repeat(150), { level: 'error' }),
      entry('a\nb', { level: 'print' }),
    ];
    const played = connected([clicks], narrow).press('l');
    const text = screen(played.after({ kind: 'log-loaded', name: 'clicks', entries }));
    expect(text).toMatch(/Clean info {2}ready/);
    expect(text).toMatch(/error x+\n {4}x+\n {4}x+\n/);
    expect(text).toMatch(/print a\n {4}b\n/);
    const held = played.after({ kind: 'log-loaded', name: 'clicks', entries }).press('up');
    expect(screen(held)).toContain('[log (held)]');
    expect(screen(held)).not.toContain('print a');
  });

  it('shows its history, the newest first', () => {
    const at = new Date(start).toISOString();
    const entries = [
      { at, workflow: 'clicks', version: 1, event: 'running', detail: '' },
      { at, workflow: 'clicks', version: 1, event: 'crashed', detail: 'out of memory' },
    ] as const;
    const text = screen(
      connected([clicks]).press('h').after({ kind: 'history-loaded', name: 'clicks', entries }),
    );
    expect(text).toMatch(/v1 +crashed +out of memory\n.*v1 +running/);
  });

  it('shows its dead letters, and one of them with its message and its stack trace', () => {
    const message = { json: '{"a": 9007199254740993}' };
    const letter = {
      id: 7,
      workflow: 'clicks',
      at: new Date(start).toISOString(),
      stage: 'Clean',
      attempts: 3,
      place: 'clicks/0:17',
      error: { code: -32_000, message: 'ValueError: no', data: { stack: 'Traceback\n  service.py, line 3' } },
      message,
    };
    const { id, at, stage, attempts } = letter;
    const row = { id, at, stage, attempts, error: 'ValueError: no', message: message.json };
    const list = connected([clicks])
      .press('d')
      .after({ kind: 'letters-loaded', name: 'clicks', rows: [row], more: true });
    expect(screen(list)).toMatch(/> +7 .* Clean +3 +ValueError: no +\{"a": 9007199254740993\}/);
    expect(screen(list)).toContain('1 of 12; moving to the last loads more');
    const open = list.press('enter').after({ kind: 'letter-loaded', name: 'clicks', letter });
    const text = screen(open);
    for (const part of ['place     clicks/0:17', '{"a": 9007199254740993}', '   service.py, line 3']) {
      expect(text).toContain(part);
    }
    expect(screen(open.press('d'))).toContain('Drop dead letter 7? It is gone for good.');
  });
});

describe('every view', () => {
  const hostile = '\u{1b}[2J\u{1b}[31m\u{1b}]0;title\u{7}\r\n\u{202e}日本語👨‍👩‍👧🇩🇪\u{0}\u{9b}5A\tünï';
  const evil = workflow(hostile.slice(0, 60), {
    text: hostile,
    state: 'failed',
    error: { code: 'defect', message: hostile, hint: hostile, diagnostics: [] },
    status: {
      ...status({ in: 1e15, out: 1e14, elapsed: 1 }),
      stages: [{ label: hostile, in: 1, out: 1, dead: 1, retries: 1, replaced: 1, waiting: 1 }],
    },
  });
  const name = evil.name;
  const at = hostile;
  const row = { id: 1, at, stage: hostile, attempts: 1, error: 'x', message: 'y' };
  const letter = {
    ...row,
    workflow: name,
    place: hostile,
    error: { code: 1, message: hostile, data: { stack: hostile } },
    message: { base64: Buffer.from(hostile).toString('base64') },
  };
  const log = [entry(hostile, { workflow: name, stage: hostile, level: 'critical', at })];
  const history = [{ at, workflow: name, version: 1, event: 'crashed', detail: hostile }] as const;
  const views: Readonly<Record<string, (played: Played) => Played>> = {
    list: (played) => played,
    nodes: (played) => played.press('enter'),
    log: (played) => played.press('l').after({ kind: 'log-loaded', name, entries: log }),
    history: (played) => played.press('h').after({ kind: 'history-loaded', name, entries: history }),
    letters: (played) => played.press('d').after({ kind: 'letters-loaded', name, rows: [row], more: false }),
    letter: (played) =>
      views.letters?.(played).press('enter').after({ kind: 'letter-loaded', name, letter }) ?? played,
    help: (played) => played.press('?'),
    filter: (played) => played.press('/', ...'日本語\u{1b}é'),
    question: (played) =>
      played
        .after({ kind: 'told', events: [{ kind: 'workflow', workflow: { ...evil, state: 'running' } }] })
        .press('X'),
    error: (played) =>
      played.press('s').after({
        kind: 'act-failed',
        number: 1,
        error: { code: 'defect', message: hostile, hint: hostile, diagnostics: [] },
      }),
    lost: (played) =>
      played.after({ kind: 'lost', error: { code: 'defect', message: hostile, diagnostics: [] } }),
  };

  it.each(Object.keys(views))('%s: hostile text breaks no screen, of whatever size', (view) => {
    for (const size of [
      narrow,
      { columns: 80, rows: 24 },
      wide,
      { columns: 20, rows: 5 },
      { columns: 1, rows: 1 },
    ]) {
      const played = views[view]?.(connected([evil, clicks], size).after({ kind: 'tick', now: start }));
      if (played !== undefined) screen(played);
    }
  });
});

describe('keys', () => {
  it('that are in the table are in the help', () => {
    const text = screen(connected([clicks], wide).press('?'));
    for (const { shown, help } of bindings)
      expect(text).toMatch(new RegExp(`${RegExp.escape(shown)} +${RegExp.escape(help)}`));
  });

  it('that are in the table are in the documentation', () => {
    const text = readFileSync(join(packageRoot(), 'docs/tui.md'), 'utf8');
    for (const { shown, help } of bindings) {
      const keys = shown.split(' ').map((key) => `\`${key}\``);
      expect(text).toContain(`| ${keys.join(', ')} | ${help} |`);
    }
  });

  it('that work now are in the footer, with help and the way out however narrow it is', () => {
    const footer = (played: Played) => screen(played).split('\n').at(-1) ?? '';
    expect(footer(connected([clicks]))).toMatch(/Enter open +x stop +X stop now +p pause .* \? help +q quit/);
    expect(footer(connected([failed]))).toMatch(/Enter open +s start +l log/);
    expect(footer(connected([clicks], { columns: 30, rows: 15 }))).toMatch(/\? help +q quit/);
    expect(footer(connected([clicks], narrow).press('enter'))).toMatch(/\? help +Esc q back/);
  });

  it('reach the views by their names', async () => {
    const heard: string[] = [];
    const { stdin } = render(<App lines={[]} color={false} onKey={(key) => heard.push(key)} />);
    for (const keys of ['jk', '\r', '\u{1b}[A', '\u{1b}[6~', '\t', '\u{1b}[Z', '\u{3}', '\u{7f}', ' ']) {
      await new Promise((resolve) => setImmediate(resolve));
      stdin.write(keys);
    }
    expect(heard).toEqual([
      'j',
      'k',
      'enter',
      'up',
      'page-down',
      'tab',
      'back-tab',
      'ctrl-c',
      'backspace',
      ' ',
    ]);
  });
});
