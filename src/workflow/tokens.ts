import type { Findings, Span } from '../types/index.ts';
import { blankComments, type Comment } from './comments.ts';

/** One word or sign of a workflow text. The last token of every text is `end`. */
export type Token = Span & {
  /** Whether a line break stands before it. */
  readonly fresh: boolean;
} & (
    | { readonly kind: 'name'; readonly text: string; readonly version?: string; readonly member?: string }
    | { readonly kind: 'path'; readonly system: string; readonly path: string }
    /** What stands between `<` and `>`. */
    | { readonly kind: 'type'; readonly text: string; readonly inner: Span }
    /** A whole line `type X = ...`. */
    | { readonly kind: 'declaration'; readonly text: string }
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'number'; readonly text: string }
    | { readonly kind: 'sign'; readonly text: Sign }
    | { readonly kind: 'bad' }
    | { readonly kind: 'end' }
  );

export type Sign = '->' | '|' | '=' | ',' | ':' | '(' | ')' | '{' | '}' | '[' | ']' | '*' | '?' | '&';

const part = '[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*';
const dotted = `${part}(?:\\.${part})*`;
const number = '(?:0|[1-9][0-9]*)';
const preRelease = '(?:-SNAPSHOT(?![0-9A-Za-z-])|(?:-[0-9A-Za-z]+)+(?:\\.[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*)*)';

/** What may stand in a path without quotation marks; a hyphen only between two other signs. */
const pathSign = '[\\p{L}\\p{N}_./~@:%+]';

const patterns = {
  declaration: new RegExp(`type[ \\t]+${part}[ \\t]*=`, 'uy'),
  quotedPath: new RegExp(`(?<system>${part})/(?<quoted>"(?:[^"\\\\\\n]|\\\\[^\\n])*")`, 'uy'),
  path: new RegExp(`(?<system>${part})/(?<path>${pathSign}+(?:-${pathSign}+)*)?`, 'uy'),
  name: new RegExp(
    `(?<text>${dotted})(?::(?<version>${number}\\.${number}\\.${number}${preRelease}?)(?:\\.(?<member>${part}))?)?`,
    'uy',
  ),
  text: /"(?:[^"\\\n]|\\[^\n])*"/uy,
  number: /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\p{L}\p{N}_.])/uy,
  sign: /->|[|=,:(){}[\]*?&]/uy,
  space: /\s+/uy,
  bad: /[\p{L}\p{N}_.-]+|./suy,
} as const;

/** Cuts a text into tokens and comments; what is neither is reported and becomes `bad`. */
export function tokenize(
  text: string,
  findings: Findings,
): { readonly tokens: readonly Token[]; readonly comments: readonly Comment[] } {
  const { blanked, comments } = blankComments(text, findings);
  const tokens: Token[] = [];
  let at = 0;
  let fresh = true;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(blanked) ?? undefined;
  };
  for (;;) {
    const space = match(patterns.space);
    if (space !== undefined) {
      fresh ||= space[0].includes('\n');
      at += space[0].length;
    }
    if (at >= blanked.length || findings.full) break;
    const token = next();
    tokens.push(token);
    at = token.end;
    fresh = false;
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length, fresh: true });
  return { tokens, comments };

  function next(): Token {
    const base = (end: number) => ({ start: at, end, fresh });
    const spanOf = (found: RegExpExecArray) => base(at + found[0].length);
    if (fresh && match(patterns.declaration) !== undefined) {
      const end = declarationEnd(blanked, at);
      reportHash({ start: at, end });
      return { kind: 'declaration', text: tidy(blanked.slice(at, end)), ...base(end) };
    }
    if (blanked[at] === '<') return typeToken(base);
    const quoted = match(patterns.quotedPath);
    if (quoted !== undefined) {
      const path = decodeText(quoted.groups?.quoted ?? '');
      if (path !== undefined)
        return { kind: 'path', system: quoted.groups?.system ?? '', path, ...spanOf(quoted) };
      return bad(spanOf(quoted), 'bad-text', 'the path in quotation marks is no JSON string');
    }
    const path = match(patterns.path);
    if (path !== undefined) return pathToken(path, spanOf(path));
    const name = match(patterns.name);
    if (name !== undefined) {
      const { text: word = '', version, member } = name.groups ?? {};
      return {
        kind: 'name',
        text: word,
        ...(version === undefined ? {} : { version }),
        ...(member === undefined ? {} : { member }),
        ...spanOf(name),
      };
    }
    const quotedText = match(patterns.text);
    if (quotedText !== undefined) {
      const decoded = decodeText(quotedText[0]);
      if (decoded !== undefined) return { kind: 'text', text: decoded, ...spanOf(quotedText) };
      return bad(spanOf(quotedText), 'bad-text', 'this is no JSON string');
    }
    const digits = match(patterns.number);
    if (digits !== undefined) return { kind: 'number', text: digits[0], ...spanOf(digits) };
    const sign = match(patterns.sign);
    if (sign !== undefined) return { kind: 'sign', text: sign[0] as Sign, ...spanOf(sign) };
    return unknown(base(at + (match(patterns.bad)?.[0].length ?? 1)));
  }

  function typeToken(base: (end: number) => Span & { fresh: boolean }): Token {
    const close = closingAngle(blanked, at);
    if (close === undefined) return bad(base(at + 1), 'bad-type', 'the < has no >');
    const inner = { start: at + 1, end: close };
    reportHash(inner);
    return { kind: 'type', text: tidy(blanked.slice(at + 1, close)), inner, ...base(close + 1) };
  }

  /** The type language takes # for a comment; a workflow does not, and its formatter would lose it. */
  function reportHash({ start, end }: Span): void {
    const hash = blanked
      .slice(start, end)
      .replaceAll(/"(?:[^"\\\n]|\\[^\n]?)*"?/g, (found) => ' '.repeat(found.length))
      .indexOf('#');
    if (hash === -1) return;
    const span = { start: start + hash, end: start + hash + 1 };
    findings.error('unexpected-character', span, '"#" has no meaning here', {
      hint: 'a comment begins with // after white space',
    });
  }

  function pathToken(found: RegExpExecArray, span: Span & { fresh: boolean }): Token {
    const { system = '', path } = found.groups ?? {};
    const after = blanked.slice(span.end, span.end + 2);
    const cut = /^(?:--|[\\$&*?;!#'"])/u.exec(after);
    if (path !== undefined && cut === null) return { kind: 'path', system, path, ...span };
    const rest = /^[^\s|<{(),>]*/.exec(blanked.slice(span.end))?.[0] ?? '';
    const end = Math.max(span.end, span.end + (rest.endsWith('-') ? rest.length - 1 : rest.length));
    const whole = blanked.slice(span.start + system.length + 1, end);
    const example = whole === '' ? 'name' : whole.replaceAll('"', '');
    return bad(
      { ...span, end },
      'bad-path',
      `${JSON.stringify(whole)} is no path`,
      `quote a path with other signs: ${system}/${JSON.stringify(example)}${apart(system, path, cut?.[0])}`,
    );
  }

  function unknown(span: Span & { fresh: boolean }): Token {
    const found = text.slice(span.start, span.end);
    return bad(
      span,
      'unexpected-character',
      `${JSON.stringify(found)} has no meaning here`,
      hints[found] ?? hintFor(found),
    );
  }

  function bad(span: Span & { fresh: boolean }, code: string, message: string, hint?: string): Token {
    findings.error(code, span, message, { hint });
    return { kind: 'bad', ...span };
  }
}

const hints: Readonly<Partial<Record<string, string>>> = {
  '"': 'a text ends with " on the same line',
  "'": 'texts stand in double quotation marks',
  '/': 'a comment begins with // after white space',
  '→': 'write ->',
  '-': 'stages are joined by ->, and a name has single hyphens between its letters',
  '>': 'stages are joined by ->',
};

/** What else may be meant by a sign that is no path's and stands right behind one. */
function apart(system: string, path: string | undefined, sign: string | undefined): string {
  if (path === undefined || sign === undefined || !'*?&'.includes(sign)) return '';
  return `, or put a blank before the ${sign}: ${system}/${path} ${sign}`;
}

function hintFor(found: string): string | undefined {
  if (/^[0-9.-]/.test(found)) return 'a text stands in double quotation marks, a number has digits alone';
  return /^\p{L}/u.test(found)
    ? 'names are made of the letters a to z, digits, _ and single hyphens'
    : undefined;
}

/** Where the `>` stands that closes the `<` at an offset; a type holds neither `<` nor `->`. */
function closingAngle(text: string, open: number): number | undefined {
  const pattern = /"(?:[^"\\\n]|\\[^\n]?)*"?|->|[<>]/gu;
  pattern.lastIndex = open + 1;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    if (found[0] === '>') return found.index;
    if (found[0] === '->' || found[0] === '<') return undefined;
  }
  return undefined;
}

/** Where a type declaration ends: with its line, unless a bracket is open, or a `|` or `=` stands before or after the line break. */
function declarationEnd(text: string, start: number): number {
  const pattern = /"(?:[^"\\\n]|\\[^\n]?)*"?|[{[(]|[}\])]|\n/gu;
  pattern.lastIndex = start;
  let depth = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const [sign] = found;
    if (/[{[(]/.test(sign)) depth++;
    else if (/[}\])]/.test(sign)) depth--;
    else if (sign === '\n' && depth <= 0) {
      const goesOn =
        /[|=]\s*$/.test(text.slice(Math.max(start, found.index - 200), found.index)) ||
        /^\s*\|/.test(text.slice(found.index, found.index + 1000));
      if (!goesOn) return start + text.slice(start, found.index).trimEnd().length;
    }
  }
  return start + text.slice(start).trimEnd().length;
}

function decodeText(literal: string): string | undefined {
  try {
    const text: unknown = JSON.parse(literal);
    return typeof text === 'string' && text.isWellFormed() ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Blanks made single, and lines without anything left out; line breaks stay, since a type may need them. */
function tidy(text: string): string {
  const lines = text.split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim());
  return lines.filter((line) => line !== '').join('\n  ');
}
