import type { CliContext } from '../command.ts';

/** What a command has written for one module. */
export interface ModuleOutput {
  readonly stdout: string;
  /** Its last line for people. */
  readonly lastLine: string;
}

/** The world as a command sees it that works on one module of several: stdout is kept, lines for people begin with the module's name. */
export function moduleContext(
  context: CliContext,
  name: string,
): { readonly context: CliContext; end(): ModuleOutput } {
  let stdout = '';
  let rest = '';
  let lastLine = '';
  const show = (line: string) => {
    if (line.trim() !== '') lastLine = line.trim();
    context.stderr.write(`${name} | ${line}\n`);
  };
  return {
    context: {
      ...context,
      ...(context.report === undefined ? {} : { report: context.report.ofModule(name) }),
      interactive: false,
      stdout: withWrite(context.stdout, (text) => {
        stdout += text;
      }),
      stderr: withWrite(context.stderr, (text) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) show(line);
      }),
    },
    end() {
      if (rest !== '') show(rest);
      rest = '';
      return { stdout, lastLine };
    },
  };
}

/** A stream like the other one, but for what becomes of what is written to it. */
function withWrite(stream: NodeJS.WriteStream, take: (text: string) => void): NodeJS.WriteStream {
  return Object.create(stream, {
    write: {
      value: (chunk: string | Uint8Array) => {
        take(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
        return true;
      },
    },
  });
}
