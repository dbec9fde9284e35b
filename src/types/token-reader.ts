import type { Word } from './syntax.ts';
import type { Findings, Span } from './text-origin.ts';
import { type Sign, type Token, tokenize } from './tokens.ts';

/** Thrown by a reader at a fault of syntax that has been reported; caught where the next declaration begins. */
export class SyntaxFault extends Error {
  override readonly name = 'SyntaxFault';
}

/** Walks over the tokens of a text, and reports what does not stand where it should. */
export class TokenReader {
  readonly findings: Findings;
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #index = 0;

  constructor(text: string, findings: Findings) {
    this.findings = findings;
    this.#tokens = tokenize(text, findings);
    this.#end = { kind: 'end', text: '', start: text.length, end: text.length };
  }

  get current(): Token {
    return this.at(0);
  }

  /** The token `ahead` of the current one; the last token repeats for ever. */
  at(ahead: number): Token {
    return this.#tokens[this.#index + ahead] ?? this.#end;
  }

  next(): Token {
    const token = this.current;
    this.#index++;
    return token;
  }

  is(sign: Sign): boolean {
    return this.current.kind === 'sign' && this.current.text === sign;
  }

  isWord(text: string, ahead = 0): boolean {
    const token = this.at(ahead);
    return token.kind === 'name' && token.text === text;
  }

  /** Takes the sign if it is the current token. */
  take(sign: Sign): boolean {
    if (!this.is(sign)) return false;
    this.#index++;
    return true;
  }

  expect(sign: Sign, where: string, hint?: string): Token {
    if (this.is(sign)) return this.next();
    return this.fail(`expected ${sign} ${where}, found ${this.describe()}`, hint);
  }

  expectName(what: string, hint?: string): Word {
    const token = this.current;
    if (token.kind === 'name') return this.next();
    return this.fail(`expected ${what}, found ${this.describe()}`, hint);
  }

  /** Whether the token `ahead` of the current one is the first on its line of the text. */
  startsLine(ahead = 0): boolean {
    const previous = this.#tokens[this.#index + ahead - 1];
    return previous === undefined || this.#lineOf(previous) < this.#lineOf(this.at(ahead));
  }

  /** Offset just past the last token that was taken. */
  get lastEnd(): number {
    return this.#tokens[this.#index - 1]?.end ?? 0;
  }

  /** The current token as messages name it. */
  describe(): string {
    const { kind, text } = this.current;
    if (kind === 'end') return 'the end of the text';
    if (kind === 'sign' || kind === 'number') return text;
    return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
  }

  /** Reports a fault at the current token and gives up on the declaration. */
  fail(message: string, hint?: string, span: Span = this.current): never {
    // A sign without a meaning was reported when the text was cut into tokens.
    if (this.current.kind !== 'bad') this.findings.error('syntax', span, message, { hint });
    throw new SyntaxFault(message);
  }

  #lineOf(span: Span): number {
    return this.findings.lineOf(span.start);
  }
}
