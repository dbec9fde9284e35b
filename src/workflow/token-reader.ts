import type { Findings, Span } from '../types/index.ts';
import type { Sign, Token } from './tokens.ts';

/** A place in a list of tokens, from which a parser reads on. */
export class TokenReader {
  readonly findings: Findings;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[], findings: Findings) {
    this.#tokens = tokens;
    this.findings = findings;
  }

  /** The token that comes next; beyond the last one it stays the last, which is `end`. */
  get token(): Token {
    return this.peek(0);
  }

  peek(ahead: number): Token {
    const token = this.#tokens[this.#at + ahead] ?? this.#tokens.at(-1);
    if (token === undefined) throw new RangeError('a list of tokens ends with an `end`');
    return token;
  }

  get atEnd(): boolean {
    return this.token.kind === 'end';
  }

  /** Offset just past the token that was read last. */
  get lastEnd(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0;
  }

  advance(): void {
    if (!this.atEnd) this.#at++;
  }

  isSign(...signs: readonly Sign[]): boolean {
    const { token } = this;
    return token.kind === 'sign' && signs.includes(token.text);
  }

  /** Reads the sign if it comes next. */
  takeSign(...signs: readonly Sign[]): boolean {
    if (!this.isSign(...signs)) return false;
    this.advance();
    return true;
  }

  /** Reports what was expected where something else stands; a token that was reported already is not told again. */
  fail(expected: string, hint?: string, span: Span = this.token): undefined {
    if (this.token.kind !== 'bad') {
      const found = this.atEnd ? 'the text ends' : `found ${this.#shown()}`;
      this.findings.error('syntax', span, `expected ${expected}, ${found}`, { hint });
    }
    return undefined;
  }

  /** Goes on to the next line that could begin a statement. */
  skipStatement(): void {
    do this.advance();
    while (!this.atEnd && !(this.token.fresh && this.#couldBegin()));
  }

  #couldBegin(): boolean {
    const { token } = this;
    if (token.kind === 'declaration') return true;
    const isWord = token.kind === 'name' && (token.text === 'def' || token.text === 'import');
    const next = this.peek(1);
    return isWord || (token.kind === 'name' && next.kind === 'sign' && next.text === '=');
  }

  #shown(): string {
    const { token } = this;
    switch (token.kind) {
      case 'name':
      case 'sign':
      case 'number':
        return `"${token.text}"`;
      case 'path':
        return `"${token.system}/${token.path}"`;
      case 'text':
        return 'a text';
      case 'type':
        return 'a type in angle brackets';
      case 'declaration':
        return 'a type declaration';
      case 'bad':
      case 'end':
        return 'this';
      default:
        return token satisfies never;
    }
  }
}
