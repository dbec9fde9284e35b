import { styleText } from 'node:util';
import type { Diagnostic, Place } from './diagnostics.ts';

/**
 * A diagnostic as text for people, without a closing line break:
 *
 *     nstack.yaml:7:14: error: unknown type "Txt"
 *       7 |   analyse: (Txt) -> (Text)
 *         |             ^^^
 *       hint: did you mean "Text"?
 *       service.py:3:5: note: the code is here
 *
 * A long line is cut around its column, and control characters are made visible, so that no text can move the cursor.
 */
export function renderDiagnostic(diagnostic: Diagnostic, options: { readonly color: boolean }): string {
  const paint: Paint = (style, text) =>
    options.color ? styleText(style, text, { validateStream: false }) : text;
  const { severity, message, place, sourceLine, hint, related } = diagnostic;
  const head = `${paint([colors[severity], 'bold'], `${severity}:`)} ${visible(message)}`;
  const lines = [place === undefined ? head : `${paint('bold', `${placeText(place)}:`)} ${head}`];
  if (place !== undefined && sourceLine !== undefined) {
    lines.push(...excerpt(place, sourceLine, colors[severity], paint));
  }
  if (hint !== undefined) lines.push(`  ${paint('cyan', 'hint:')} ${visible(hint)}`);
  if (related !== undefined) {
    lines.push(
      `  ${paint('bold', `${placeText(related.place)}:`)} ${paint('cyan', 'note:')} ${visible(related.message)}`,
    );
    if (related.sourceLine !== undefined)
      lines.push(...excerpt(related.place, related.sourceLine, 'cyan', paint));
  }
  return lines.join('\n');
}

type Style = 'red' | 'yellow' | 'cyan' | 'gray' | 'bold';
type Paint = (style: Style | Style[], text: string) => string;

const colors = { error: 'red', warning: 'yellow', note: 'cyan' } as const;

/** Characters of a source line that are shown, and how many of them stand before the column at least. */
const width = 100;
const before = 40;

/** `nstack.yaml:7:14`, with control characters made visible. */
export function placeText(place: Place): string {
  return `${visible(place.file)}:${place.line}:${place.column}`;
}

/** The line and below it a run of carets under the characters that are meant. */
function excerpt(place: Place, sourceLine: string, color: Style, paint: Paint): string[] {
  const column = Math.min(Math.max(place.column - 1, 0), sourceLine.length);
  const start =
    sourceLine.length <= width ? 0 : Math.max(0, Math.min(column - before, sourceLine.length - width));
  const end = Math.min(sourceLine.length, start + width);
  const meant = Math.min(column + Math.max(place.length ?? 1, 1), Math.max(end, column + 1));
  const lead = (start > 0 ? '…' : '') + visible(sourceLine.slice(start, column));
  const run = visible(sourceLine.slice(column, meant));
  const rest = visible(sourceLine.slice(meant, end)) + (end < sourceLine.length ? '…' : '');
  const number = String(place.line);
  const carets = '^'.repeat(Math.max(cells(run), 1));
  return [
    `  ${paint('gray', `${number} |`)} ${lead}${run}${rest}`.trimEnd(),
    `  ${paint('gray', `${' '.repeat(number.length)} |`)} ${' '.repeat(cells(lead))}${paint(color, carets)}`,
  ];
}

/** Control characters as their pictures (␀ to ␟, ␡), a tab as a blank; what turns the direction of text, and lone surrogates, as `\u{...}`. */
function visible(text: string): string {
  return text.replace(/\p{Control}|\p{Format}|\p{Surrogate}|[\u2028\u2029]/gu, (sign) => {
    if (sign === '\t') return ' ';
    const code = sign.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '␡' : `\\u{${code.toString(16)}}`;
  });
}

/** How many cells of a terminal a text takes: marks that combine take none, East Asian wide letters and emoji two. */
function cells(text: string): number {
  let count = 0;
  for (const sign of text) count += /\p{Mark}/u.test(sign) ? 0 : wide.test(sign) ? 2 : 1;
  return count;
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
