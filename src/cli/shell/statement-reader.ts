/** A statement of the shell: a line, or several where a workflow goes on. */
export interface ShellStatement {
  readonly text: string;
  /** Line of its beginning, from 1. */
  readonly line: number;
}

/** Puts lines together into statements. */
export interface StatementReader {
  /** A statement that the line completes; undefined: it goes on, or the line is empty. */
  push(line: string): ShellStatement | undefined;
  /** What has begun and not ended. */
  rest(): ShellStatement | undefined;
  readonly isOpen: boolean;
}

/**
 * A statement goes on where a bracket is open, where its line ends with `->`, `|`, `&`, `=` or `\`, and where the next would begin with `->` or `|`, which is known of
 * lines from a pipe alone: `peek` is what follows there.
 */
export function createStatementReader(): StatementReader {
  let lines: string[] = [];
  let began = 0;
  let line = 0;

  function take(): ShellStatement | undefined {
    const text = lines.join('\n').trim();
    lines = [];
    return text === '' ? undefined : { text, line: began };
  }

  return {
    push(next) {
      line++;
      if (lines.length === 0) began = line;
      const continues = next.endsWith('\\');
      lines.push(continues ? next.slice(0, -1) : next);
      return continues || goesOn(lines.join('\n')) ? undefined : take();
    },
    rest: take,
    get isOpen() {
      return lines.length > 0;
    },
  };
}

/** Whether something is open: texts in quotation marks and comments do not count. */
function goesOn(text: string): boolean {
  const plain = text
    .replace(/"(?:[^"\\\n]|\\[^\n])*"/g, '""')
    .replace(/(^|\s)\/\/[^\n]*/g, '$1')
    .replace(/\/\*[\s\S]*?\*\//g, ' ');
  const depth = [...plain].reduce(
    (sum, sign) => sum + ('([{'.includes(sign) ? 1 : ')]}'.includes(sign) ? -1 : 0),
    0,
  );
  return depth > 0 || plain.includes('/*') || /(->|[|&=])\s*$/.test(plain);
}
