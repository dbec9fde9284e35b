import type { Diagnostic } from '../core/index.ts';
import { named } from './make-type.ts';
import { measure } from './measure-type.ts';
import { longestText, tooLong } from './parse-api.ts';
import { readType } from './read-syntax.ts';
import { type Resolved, resolveType, type Scope } from './resolve.ts';
import { Findings, type TextOrigin } from './text-origin.ts';
import { SyntaxFault, TokenReader } from './token-reader.ts';
import type { Type } from './type.ts';

/**
 * Reads one type, such as `[Text]` or the name of one of `names`. All faults come at once, each with its place, line and hint; with any
 * of them `type` is undefined. Never throws, whatever the text.
 */
export function parseType(
  text: string,
  origin: TextOrigin = { file: '<type>', line: 1, column: 0, indent: 0 },
  names: readonly { readonly name: string; readonly type: Type }[] = [],
): { readonly type: Type | undefined; readonly diagnostics: readonly Diagnostic[] } {
  if (text.length > longestText) return { type: undefined, diagnostics: [tooLong(origin)] };
  const findings = new Findings(text, origin);
  const type = readWhole(new TokenReader(text, findings), scopeOf(names))?.type;
  return { type: findings.diagnostics.length > 0 ? undefined : type, diagnostics: findings.diagnostics };
}

function readWhole(reader: TokenReader, scope: Scope): Resolved | undefined {
  try {
    const syntax = readType(reader);
    if (reader.current.kind !== 'end')
      reader.fail(`expected the end of the type, found ${reader.describe()}`);
    return resolveType(syntax, scope, reader.findings, true);
  } catch (error) {
    if (error instanceof SyntaxFault) return undefined;
    throw error;
  }
}

function scopeOf(names: readonly { readonly name: string; readonly type: Type }[]): Scope {
  return new Map(names.map(({ name, type }) => [name, { type: named(name, type), ...measure(type) }]));
}
