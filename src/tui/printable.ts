import stringWidth from 'string-width';

/** Characters of one text that are looked at: more never fits a screen, and a message may have 16 MiB. */
const mostLooked = 64 * 1024;

/**
 * A text that is safe to draw, line feeds kept: controls, signs that turn or hide text, and lone surrogates show as U+FFFD. Signs on whose width terminals
 * disagree (joiners, variation selectors, skin tones, flags, heaps of marks) are taken apart, since a column that is off by one breaks a table.
 */
export function printable(text: string): string {
  const cut = text.length > mostLooked ? `${text.slice(0, mostLooked)}…` : text;
  if (/^[\x20-\x7e\n]*$/.test(cut)) return cut;
  return cut
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', '    ')
    .normalize('NFC')
    .replace(/[\u{200d}\u{fe00}-\u{fe0f}\p{Emoji_Modifier}]/gu, '')
    .replace(/[\u{1f1e6}-\u{1f1ff}]/gu, letterOfFlag)
    .replace(
      /[^\P{Control}\n]|[\p{Format}\p{Surrogate}\p{Private_Use}\p{Unassigned}\p{Line_Separator}\p{Paragraph_Separator}]/gu,
      '\u{fffd}',
    )
    .replace(/(\p{Mark}{2})\p{Mark}+/gu, '$1');
}

/** The same on one line. */
export function oneLine(text: string): string {
  return printable(text).replaceAll('\n', ' ');
}

/** How many columns a printable text takes. */
export function columnsOf(text: string): number {
  return isAscii(text) ? text.length : stringWidth(text);
}

/** A printable line in exactly `width` columns: filled up with spaces, or cut with an ellipsis. */
export function inColumns(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cut = columnsOf(text) <= width ? text : width < 1 ? '' : `${head(text, width - 1)}…`;
  const space = ' '.repeat(Math.max(0, width - columnsOf(cut)));
  return align === 'left' ? cut + space : space + cut;
}

/** A text as printable lines of at most `width` columns, and at most `most` of them; the last then ends with an ellipsis. */
export function wrap(text: string, width: number, most = Number.POSITIVE_INFINITY): readonly string[] {
  const lines: string[] = [];
  for (const line of printable(text).split('\n')) {
    let left = line;
    do {
      if (lines.length === most)
        return [...lines.slice(0, -1), inColumns(`${lines.at(-1)?.trimEnd()} …`, width).trimEnd()];
      const taken = untilBlank(left, head(left, width), width) || firstSign(left);
      lines.push(taken);
      left = left.slice(taken.length);
    } while (left !== '');
  }
  return lines;
}

const graphemes = new Intl.Segmenter();

/** The beginning of a line, cut after a blank where that leaves it long enough. */
function untilBlank(text: string, taken: string, width: number): string {
  if (taken.length === text.length || text[taken.length] === ' ') return taken;
  const blank = taken.lastIndexOf(' ');
  return blank > width / 2 ? taken.slice(0, blank + 1) : taken;
}

/** As much of the text as fits in `width` columns. */
function head(text: string, width: number): string {
  if (isAscii(text)) return text.slice(0, width);
  let columns = 0;
  let end = 0;
  // A column holds one sign at least, which is of a few code units: no need to segment the rest of a long line.
  for (const { segment, index } of graphemes.segment(text.slice(0, width * 16))) {
    columns += columnsOf(segment);
    if (columns > width) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

/** Something is taken of every line, however narrow the screen. */
function firstSign(text: string): string {
  return text === '' ? '' : String.fromCodePoint(text.codePointAt(0) ?? 0x20);
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function letterOfFlag(sign: string): string {
  return String.fromCharCode((sign.codePointAt(0) ?? 0) - 0x1f1e6 + 0x41);
}
