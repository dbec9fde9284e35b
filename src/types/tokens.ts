import type { Findings, Span } from './text-origin.ts';

/** One word or sign of a text of types. The last token of every text is `end`. */
export type Token = Span &
  (
    | { readonly kind: 'name'; readonly text: string }
    /** A quoted field name, decoded. */
    | { readonly kind: 'string'; readonly text: string }
    | { readonly kind: 'number'; readonly text: string }
    | { readonly kind: 'sign'; readonly text: Sign }
    | { readonly kind: 'bad'; readonly text: string }
    | { readonly kind: 'end'; readonly text: '' }
  );

export type Sign = '=' | ':' | '->' | '|' | '{' | '}' | '[' | ']' | '(' | ')' | ',' | '?';

/** Cuts a text into tokens. Comments (`//` and `#` to the end of the line) are left out; what is no token is reported and becomes `bad`. */
export function tokenize(text: string, findings: Findings): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(tokenPattern, 'gu');
  for (let match = pattern.exec(text); match !== null && !findings.full; match = pattern.exec(text)) {
    const [found, name, number, string, sign, bad] = match;
    const span = { start: match.index, end: match.index + found.length };
    if (name !== undefined) tokens.push({ kind: 'name', text: name, ...span });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, ...span });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign as Sign, ...span });
    else if (string !== undefined) tokens.push(quotedName(string, span, findings));
    else if (bad !== undefined) {
      findings.error('unexpected-character', span, `${shown(bad)} has no meaning here`, {
        hint: badHints.get(bad),
      });
      tokens.push({ kind: 'bad', text: bad, ...span });
    }
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}

/** Groups in order: name, number, string, sign, bad. They have no names in the pattern: naming them takes as long as finding them. */
const tokenPattern = [
  String.raw`(?:\s+|//[^\n]*|#[^\n]*)`,
  '([A-Za-z_][A-Za-z0-9_]*)',
  '([0-9]+)',
  // Bounded, since a quote that is never closed would otherwise be followed to the end of the text from each quote on.
  String.raw`("(?:[^"\\\n]|\\[^\n]){0,1000}")`,
  String.raw`(->|=(?!>)|[:|{}\[\](),?])`,
  String.raw`(=>|→|[^\sA-Za-z0-9_"=:|{}\[\](),?#]+?(?=$|[\sA-Za-z0-9_"=:|{}\[\](),?#])|.)`,
].join('|');

const badHints = new Map([
  ['=>', 'write ->'],
  ['→', 'write ->'],
  [';', 'fields are separated by commas, declarations by line breaks'],
  ['-', 'names are made of letters, digits and _'],
  ['.', 'names are made of letters, digits and _'],
  ['"', 'a quoted field name ends with " on the same line, after at most 1,000 characters'],
]);

function quotedName(literal: string, span: Span, findings: Findings): Token {
  const text = decode(literal);
  if (text !== undefined) return { kind: 'string', text, ...span };
  findings.error('bad-string', span, `${shown(literal)} is not a JSON string`);
  return { kind: 'bad', text: literal, ...span };
}

function decode(literal: string): string | undefined {
  try {
    const text: unknown = JSON.parse(literal);
    return typeof text === 'string' && text.isWellFormed() ? text : undefined;
  } catch {
    return undefined;
  }
}

function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
