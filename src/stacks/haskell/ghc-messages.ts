/** One message of GHC. Columns count characters from 1, a tab going on to the next multiple of eight. */
export interface GhcMessage {
  readonly severity: 'error' | 'warning';
  /** Undefined where it is about no file. */
  readonly place:
    | {
        readonly file: string;
        readonly line: number;
        readonly column: number;
        /** The last column that is meant; undefined where that is in a later line. */
        readonly end: number | undefined;
      }
    | undefined;
  /** `GHC-88464`; undefined where GHC gives none. */
  readonly code: string | undefined;
  /** Its lines, without the excerpt of the file. */
  readonly lines: readonly string[];
}

const head = new RegExp(
  [
    /^(?:(?<file>[^\s:][^:]*):(?:(?<line>\d+):(?<column>\d+)(?:-(?<end>\d+))?|\((?<line2>\d+),(?<column2>\d+)\)-\((?<line3>\d+),(?<end3>\d+)\))|<[\w ]+>):/,
    / (?<severity>error|warning):(?: \[(?<code>GHC-\d+)\])?(?: \[[^\]]*\])* ?(?<rest>.*)$/,
  ]
    .map(({ source }) => source)
    .join(''),
);

/** Reads what GHC 9.6 writes with `-fdiagnostics-color=never`: a head, indented lines, and an excerpt of the file with a margin. */
export function readGhcMessages(output: string): readonly GhcMessage[] {
  const messages: (GhcMessage & { readonly lines: string[] })[] = [];
  let open: string[] | undefined;
  for (const line of output.split('\n')) {
    // What GHC is at, on its other stream, may come between.
    if (/^\[ *\d+ of \d+\] /.test(line)) continue;
    const found = head.exec(line)?.groups;
    if (found !== undefined) {
      open = found.rest === undefined || found.rest === '' ? [] : [found.rest];
      messages.push({
        severity: found.severity === 'error' ? 'error' : 'warning',
        place: placeOf(found),
        code: found.code,
        lines: open,
      });
    } else if (/^\s+\S/.test(line)) {
      if (!/^\s+\|/.test(line)) open?.push(line);
    } else if (!/^\d+ +\|/.test(line)) open = undefined;
  }
  return messages;
}

function placeOf(found: Readonly<Record<string, string | undefined>>): GhcMessage['place'] {
  const { file, line, column, end, line2, column2, line3, end3 } = found;
  if (file === undefined) return undefined;
  if (line !== undefined) {
    const start = Number(column);
    return { file, line: Number(line), column: start, end: end === undefined ? start : Number(end) };
  }
  return {
    file,
    line: Number(line2),
    column: Number(column2),
    end: line2 === line3 ? Number(end3) : undefined,
  };
}
