import type { Diagnostic, Place } from '../core/index.ts';

/** Where a text of types stands in a file, so that its findings have exact places. */
export interface TextOrigin {
  /** Path as the user would type it. */
  readonly file: string;
  /** Line of the file, from 1, that the text's first line stands on. */
  readonly line: number;
  /** How many characters stand before the text on its first line: 0 where the text begins the line. */
  readonly column: number;
  /** How many characters stand before each of the text's following lines: the indentation of a YAML block scalar. */
  readonly indent: number;
  /** A line of the file by its number from 1; without it the text itself is shown. */
  readonly sourceLine?: (line: number) => string;
}

/** A part of a text: offsets in UTF-16 code units, `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Gathers the findings about one text, with their places. */
export class Findings {
  readonly diagnostics: Diagnostic[] = [];
  readonly #text: string;
  readonly #origin: TextOrigin;
  readonly #lineStarts: readonly number[];

  constructor(text: string, origin: TextOrigin) {
    this.#text = text;
    this.#origin = origin;
    this.#lineStarts = lineStarts(text);
  }

  /** Adds an error at a part of the text. Beyond {@link mostFindings} only the first of them is told. */
  error(
    code: string,
    span: Span,
    message: string,
    extras: { hint?: string | undefined; first?: Span } = {},
  ): void {
    if (this.full) return;
    const { hint, first } = extras;
    this.diagnostics.push({
      code,
      severity: 'error',
      message,
      ...this.#at(span),
      ...(hint === undefined ? {} : { hint }),
      ...(first === undefined ? {} : { related: { message: 'the first one is here', ...this.#at(first) } }),
    });
  }

  /** The findings in the order of their places. */
  inOrder(): readonly Diagnostic[] {
    return this.diagnostics.toSorted(
      ({ place: a }, { place: b }) => (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0),
    );
  }

  get full(): boolean {
    return this.diagnostics.length >= mostFindings;
  }

  /** Index of the text's line that holds the offset, from 0. */
  lineOf(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** How many characters stand before the offset on its line of the text. */
  columnOf(offset: number): number {
    return offset - (this.#lineStarts[this.lineOf(offset)] ?? 0);
  }

  #at(span: Span): { place: Place; sourceLine: string } {
    const index = this.lineOf(span.start);
    const start = this.#lineStarts[index] ?? 0;
    const lineEnd = (this.#lineStarts[index + 1] ?? this.#text.length + 1) - 1;
    const before = index === 0 ? this.#origin.column : this.#origin.indent;
    const line = this.#origin.line + index;
    return {
      place: {
        file: this.#origin.file,
        line,
        column: before + (span.start - start) + 1,
        length: Math.max(1, Math.min(span.end, lineEnd) - span.start),
      },
      sourceLine:
        this.#origin.sourceLine?.(line) ??
        ' '.repeat(before) + this.#text.slice(start, lineEnd).replace(/\r$/, ''),
    };
  }
}

/** More findings than anyone reads at once. */
const mostFindings = 100;

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
