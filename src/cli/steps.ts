import { styleText } from 'node:util';
import type { Report } from './ci/report.ts';
import type { CliContext } from './command.ts';

/** Shows what long work is at: a line a step, and on a terminal the running step's last word in place. */
export interface Steps {
  /** Begins a step; the one before counts as done. */
  begin(name: string): void;
  /** The running step's latest detail, such as a tool's own line. Shown on terminals alone, or now and then as a sign of life. */
  detail(text: string): void;
  /** Ends the running step with a remark, such as `cached`. */
  end(remark?: string): void;
}

interface RunningStep {
  readonly name: string;
  readonly since: number;
}

/** How a step that begins, is at something or has ended is shown to one reader. */
interface StepReader {
  begin(step: RunningStep): void;
  detail(step: RunningStep, text: string): void;
  end(step: RunningStep, seconds: number, remark: string | undefined): void;
}

/** Steps on stderr, and in the report where there is one. `quiet` shows nothing: for `--json`. */
export function createSteps(context: CliContext, options: { readonly quiet?: boolean } = {}): Steps {
  const readers = [
    ...(options.quiet === true ? [] : [onStderr(context)]),
    ...(context.report === undefined ? [] : [inReport(context.report)]),
  ];
  let running: RunningStep | undefined;
  const end = (remark?: string): void => {
    if (running === undefined) return;
    const seconds = (performance.now() - running.since) / 1000;
    for (const reader of readers) reader.end(running, seconds, remark);
    running = undefined;
  };
  return {
    begin(name) {
      end();
      running = { name, since: performance.now() };
      for (const reader of readers) reader.begin(running);
    },
    detail(text) {
      if (running === undefined) return;
      for (const reader of readers) reader.detail(running, text.trim());
    },
    end,
  };
}

/** Between two signs of life, milliseconds. */
const silence = 20_000;

function onStderr({ stderr, interactive, color, alive }: CliContext): StepReader {
  const erase = () => interactive && stderr.write('\r\u001b[2K');
  let shownAt = 0;
  return {
    begin({ name, since }) {
      shownAt = since;
      if (interactive) stderr.write(`  .... ${name}`);
    },
    detail({ name, since }, text) {
      const now = performance.now();
      if (interactive) {
        erase();
        const width = Math.max(20, (stderr.columns ?? 80) - 1);
        stderr.write(`  .... ${name}: ${text}`.slice(0, width));
      } else if (alive === true && now - shownAt > silence) {
        shownAt = now;
        stderr.write(`  .... ${name}, ${((now - since) / 1000).toFixed(0)} s: ${text.slice(0, 200)}\n`);
      }
    },
    end({ name }, seconds, remark) {
      erase();
      const mark = color ? styleText('green', 'done') : 'done';
      const note = remark === undefined ? '' : `${remark}, `;
      stderr.write(`  ${mark} ${name} (${note}${seconds.toFixed(1)} s)\n`);
    },
  };
}

function inReport(report: Report): StepReader {
  return {
    begin: ({ name }) => report.tell({ event: 'step-began', step: name }),
    detail: ({ name }, text) => report.tell({ event: 'detail', step: name, text }),
    end: ({ name }, seconds, remark) =>
      report.tell({ event: 'step-ended', step: name, seconds, ...(remark === undefined ? {} : { remark }) }),
  };
}
