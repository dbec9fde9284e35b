import { nearestWord } from '../../core/index.ts';
import { printType } from '../../types/index.ts';
import type { CodeType, CodeWords } from '../stack.ts';
import { showCodeType } from './code-type.ts';
import type { Difference, Pair } from './difference.ts';

/** The code states another type than is declared. */
export function otherType(pair: Pair): Difference {
  const { code, declared, direction, words } = pair;
  const text = `${verb(pair)} ${showCodeType(code)}${where(pair)}, where ${printType(pair.written)} is declared`;
  if (declared.kind === 'double' && isKnown(code, 'integer') && direction === 'input') {
    return of(pair, 'integer-for-double', text, `take ${words.double}: not every Double is an Integer`);
  }
  if (declared.kind === 'integer' && isKnown(code, 'double') && direction === 'output') {
    return of(pair, 'double-for-integer', text, `return ${words.integer}, or declare Double`);
  }
  if ((declared.kind === 'list') !== (code.kind === 'list')) {
    const hint =
      declared.kind === 'list' ? 'a list is declared, and the code has a single value' : listHint(words);
    return of(pair, 'list-or-single', text, hint);
  }
  return of(pair, direction === 'input' ? 'parameter-type' : 'result-type', text);
}

function listHint({ vectorised }: CodeWords): string {
  return `a single value is declared, and the code has a list; a function that works on whole blocks is marked ${vectorised}`;
}

function isKnown(code: CodeType, kind: string): boolean {
  return code.kind === 'known' && code.type.kind === kind;
}

export function outsideLanguage(pair: Pair, reason: string): Difference {
  const text = `${verb(pair)} ${showCodeType(pair.code)}${where(pair)}, which is outside the type language: ${reason}`;
  return of(pair, 'unsupported-hint', text);
}

/** Declared optional, and the code takes only values. */
export function optionalNotTaken(pair: Pair): Difference {
  const text = `takes ${showCodeType(pair.code)}${where(pair)}, where ${printType(pair.written)} is declared, which may be null or missing`;
  const hint = `let the code take ${pair.words.nothing} too, or declare it without optional`;
  return of(pair, 'optional-not-taken', text, hint);
}

/** The code may give nothing, and a value is declared. */
export function optionalGiven(pair: Pair): Difference {
  const text = `may return ${pair.words.nothing}${where(pair)}, where ${printType(pair.written)} is declared`;
  return of(
    pair,
    'optional-result',
    text,
    `declare optional ${printType(pair.written)}, or always return a value`,
  );
}

/** The code's input needs a field that is not declared. */
export function fieldNotDeclared(pair: Pair, name: string, declared: readonly string[]): Difference {
  return of(
    pair,
    'missing-field',
    `asks for a field ${name}${within(pair)}, which is not declared`,
    near(name, declared) ?? 'declare it, or give it a default in the code',
  );
}

/** The code's result has a field that is not declared. */
export function undeclaredField(pair: Pair, name: string, declared: readonly string[]): Difference {
  return of(
    pair,
    'undeclared-field',
    `returns a field ${name}${within(pair)}, which is not declared`,
    near(name, declared) ?? 'a result holds exactly the declared fields: declare it, or leave it out',
  );
}

/** A declared field that the code's result does not hold. */
export function missingResultField(pair: Pair, name: string): Difference {
  const text = `returns no field ${name}${within(pair)}, which is declared`;
  return of(pair, 'missing-result-field', text, `add ${name} to ${writtenAs(pair.code)}`);
}

/** A declared case that the code does not take. */
export function caseNotTaken(pair: Pair, name: string, taken: readonly string[]): Difference {
  return of(
    pair,
    'missing-case',
    `does not take the case ${name}${where(pair)}, which is declared`,
    near(name, taken) ?? `add ${pair.words.newCase(name)}`,
  );
}

/** A case that the code may give and that is not declared. */
export function undeclaredCase(pair: Pair, name: string, declared: readonly string[]): Difference {
  return of(
    pair,
    'undeclared-case',
    `may return the case ${name}${where(pair)}, which is not declared`,
    near(name, declared),
  );
}

function near(word: string, candidates: readonly string[]): string | undefined {
  const nearest = nearestWord(word, candidates);
  return nearest === undefined ? undefined : `did you mean "${nearest}"?`;
}

function writtenAs(code: CodeType): string {
  return code.kind === 'unstated' ? 'it' : code.text;
}

function verb({ direction }: Pair): string {
  return direction === 'input' ? 'takes' : 'returns';
}

/** A whole result needs no path. */
function where({ direction, path }: Pair): string {
  if (direction === 'output' && path === 'result') return '';
  return /^\w+$/.test(path) ? ` for ${path}` : ` at ${path}`;
}

/** Of a record's own field. */
function within({ direction, path }: Pair): string {
  return direction === 'output' && path === 'result' ? '' : ` in ${path}`;
}

function of({ place }: Pair, code: string, text: string, hint?: string): Difference {
  return { code, text, ...(hint === undefined ? {} : { hint }), ...(place === undefined ? {} : { place }) };
}
