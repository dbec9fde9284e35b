import { columnsOf, inColumns } from './printable.ts';

/** A piece of a line in one style. Its text is printable. */
export interface Span {
  readonly text: string;
  readonly color?: Color;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly inverse?: boolean;
}

export type Color = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

/** One line of the screen. */
export type Line = readonly Span[];

export function line(text: string, style: Omit<Span, 'text'> = {}): Line {
  return [{ text, ...style }];
}

/** The line in at most `width` columns. */
export function clip(spans: Line, width: number): Line {
  const clipped: Span[] = [];
  let left = width;
  for (const span of spans) {
    const columns = columnsOf(span.text);
    if (columns > left) {
      if (left > 0) clipped.push({ ...span, text: inColumns(span.text, left) });
      return clipped;
    }
    clipped.push(span);
    left -= columns;
  }
  return clipped;
}

/** Two lines as one, the second at the right edge where there is room for it. */
export function justify(left: Line, right: Line, width: number): Line {
  const space = width - widthOf(left) - widthOf(right);
  return space < 1 ? clip(left, width) : [...left, { text: ' '.repeat(space) }, ...right];
}

/** The lines with empty ones below, or without those that are too many. */
export function exactly(lines: readonly Line[], height: number): readonly Line[] {
  return lines.length >= height
    ? lines.slice(0, Math.max(0, height))
    : [...lines, ...Array.from({ length: height - lines.length }, () => [])];
}

/** The part of `count` rows that `height` lines show, so that `selected` is in it, in the middle where that can be. */
export function windowAround(
  selected: number,
  count: number,
  height: number,
): { readonly from: number; readonly to: number } {
  const from = Math.max(0, Math.min(selected - Math.floor(height / 2), count - height));
  return { from, to: Math.min(count, from + Math.max(0, height)) };
}

function widthOf(spans: Line): number {
  return spans.reduce((total, { text }) => total + columnsOf(text), 0);
}
