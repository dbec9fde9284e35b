import { styleText } from 'node:util';
import type { CliContext } from './command.ts';

/** Shows what long work is at: a line a step, and on a terminal the running step's last word in place. */
export interface Steps {
  /** Begins a step; the one before counts as done. */
  begin(name: string): void;
  /** The running step's latest detail, such as a tool's own line. Shown on terminals alone. */
  detail(text: string): void;
  /** Ends the running step with a remark, such as `cached`. */
  end(remark?: string): void;
}

/** Steps on stderr. `quiet` shows nothing: for `--json`. */
export function createSteps(context: CliContext, options: { readonly quiet?: boolean } = {}): Steps {
  if (options.quiet === true) return { begin: () => {}, detail: () => {}, end: () => {} };
  const { stderr, interactive, color } = context;
  let running: { name: string; since: number } | undefined;
  const erase = () => interactive && stderr.write('\r\u001b[2K');
  const end = (remark?: string): void => {
    if (running === undefined) return;
    const seconds = ((performance.now() - running.since) / 1000).toFixed(1);
    erase();
    const mark = color ? styleText('green', 'done') : 'done';
    stderr.write(`  ${mark} ${running.name} (${remark === undefined ? '' : `${remark}, `}${seconds} s)\n`);
    running = undefined;
  };
  return {
    begin(name) {
      end();
      running = { name, since: performance.now() };
      if (interactive) stderr.write(`  .... ${name}`);
    },
    detail(text) {
      if (!interactive || running === undefined) return;
      erase();
      const width = Math.max(20, (stderr.columns ?? 80) - 1);
      stderr.write(`  .... ${running.name}: ${text.trim()}`.slice(0, width));
    },
    end,
  };
}
