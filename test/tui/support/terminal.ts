import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { join } from 'node:path';
import xterm from '@xterm/headless';
import { program, root } from '../../support/nstack.ts';

/** The program on a real terminal, and what a user sees of it. */
export interface TestTerminal {
  press(keys: string): void;
  resize(columns: number, rows: number): void;
  /** The lines of the screen, joined. */
  screen(): string;
  /** Resolves when the screen shows it; rejects, with the screen, when it does not in time. */
  shows(what: string | RegExp): Promise<void>;
  /** Every byte that the terminal was sent. */
  sent(): string;
  readonly exitCode: Promise<number | null>;
  /** Sends the program a signal. */
  signal(name: 'SIGTERM' | 'SIGINT'): void;
  /** Ends the terminal, and with it the program. */
  close(): void;
}

export interface TerminalOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly columns?: number;
  readonly rows?: number;
}

/** Starts nstack on a pseudo-terminal, which Python brings, and an emulator of one that draws what it says. */
export function startOnTerminal(args: readonly string[], options: TerminalOptions): TestTerminal {
  const { cwd, env, columns = 100, rows = 24 } = options;
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const driver = join(root, 'test/tui/support/pseudo-terminal.py');
  const command = [driver, String(columns), String(rows), process.execPath, program, ...args];
  const child = spawn('python3', command, {
    cwd,
    // A terminal is a person's, wherever the tests run.
    env: { ...process.env, CI: undefined, TERM: 'xterm-256color', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.on('error', () => {});
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  const looks = new Set<() => void>();
  let sent = '';
  child.stdout.on('data', (bytes: Buffer) => {
    sent += bytes.toString('latin1');
    emulator.write(bytes, () => {
      for (const look of looks) look();
    });
  });
  const tell = (what: object) => child.stdin.write(`${JSON.stringify(what)}\n`);
  const screen = () => {
    const { active } = emulator.buffer;
    return Array.from(
      { length: emulator.rows },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
    ).join('\n');
  };
  return {
    press: (keys) => tell({ keys }),
    resize(wide, high) {
      emulator.resize(wide, high);
      tell({ size: [wide, high] });
    },
    screen,
    sent: () => sent,
    signal: (name) => tell({ signal: constants.signals[name] }),
    close: () => child.kill(),
    exitCode,
    async shows(what) {
      const seen = () => (typeof what === 'string' ? screen().includes(what) : what.test(screen()));
      if (seen()) return;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const late = setTimeout(() => reject(new Error(`no ${what} on this screen:\n${screen()}`)), 30_000);
      const look = () => seen() && resolve();
      looks.add(look);
      void exitCode.then(() => reject(new Error(`ended before it showed ${what}:\n${screen()}`)));
      await promise.finally(() => {
        clearTimeout(late);
        looks.delete(look);
      });
    },
  };
}
