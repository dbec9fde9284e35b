import type { Diagnostic } from '../core/index.ts';
import { readDeclarations } from './read-declarations.ts';
import { readType } from './read-syntax.ts';
import { createResolver, scalars } from './resolve-syntax.ts';
import type { DeclarationSyntax, Word } from './syntax.ts';
import { Findings, type TextOrigin } from './text-origin.ts';
import { SyntaxFault, TokenReader } from './token-reader.ts';
import type { Api, FunctionType, Type } from './type.ts';

/** Characters of a text of types; more is no API. */
const longestText = 1024 * 1024;
const nowhere: TextOrigin = { file: '<api>', line: 1, column: 0, indent: 0 };

/** Names that the bridge keeps for itself, docs/bridge-protocol.md "Reserved". */
const reserved = new Set(['initialize', 'shutdown', 'startup', 'next', 'ack']);

/** Parses an API; all its faults at once. `api` is undefined where there is any. */
export function parseApi(
  text: string,
  origin: TextOrigin = nowhere,
): { readonly api: Api | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const findings = new Findings(text, origin);
  if (isTooLong(text, findings)) return { api: undefined, diagnostics: findings.diagnostics };
  const declarations = readDeclarations(new TokenReader(text, findings));
  const api = resolveApi(declarations, findings);
  return { api: findings.diagnostics.length === 0 ? api : undefined, diagnostics: findings.diagnostics };
}

/** Parses one type, which may use the given names. */
export function parseType(
  text: string,
  origin: TextOrigin = nowhere,
  names: readonly { readonly name: string; readonly type: Type }[] = [],
): { readonly type: Type | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const findings = new Findings(text, origin);
  if (isTooLong(text, findings)) return { type: undefined, diagnostics: findings.diagnostics };
  const reader = new TokenReader(text, findings);
  let type: Type | undefined;
  try {
    const syntax = readType(reader);
    if (reader.current.kind !== 'end')
      reader.fail(`expected the end of the type, found ${reader.describe()}`);
    type = createResolver([], names, findings).resolve(syntax, 'whole');
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
  }
  return { type: findings.diagnostics.length === 0 ? type : undefined, diagnostics: findings.diagnostics };
}

function isTooLong(text: string, findings: Findings): boolean {
  if (text.length <= longestText) return false;
  findings.error(
    'too-long',
    { start: 0, end: 1 },
    `a text of types has at most ${longestText} characters, this one ${text.length}`,
  );
  return true;
}

function resolveApi(declarations: readonly DeclarationSyntax[], findings: Findings): Api {
  const types = declarations.filter((declaration) => declaration.kind === 'type');
  const functions = declarations.filter((declaration) => declaration.kind === 'function');
  checkNames(
    'type',
    types.map(({ name }) => name),
    findings,
  );
  checkNames(
    'function',
    functions.map(({ name }) => name),
    findings,
  );
  const resolver = createResolver(types, [], findings);
  const resolved = types.map(({ name }) => ({ name: name.text, type: resolver.declared(name.text) }));
  return {
    types: resolved.flatMap(({ name, type }) => (type === undefined ? [] : [{ name, type }])),
    functions: functions.flatMap(({ name, input, output }): FunctionType[] => {
      const takes = resolver.resolve(input, 'whole');
      const gives = resolver.resolve(output, 'whole');
      return takes === undefined || gives === undefined
        ? []
        : [{ name: name.text, input: takes, output: gives }];
    }),
  };
}

function checkNames(kind: 'type' | 'function', names: readonly Word[], findings: Findings): void {
  const seen = new Map<string, Word>();
  for (const name of names) {
    const first = seen.get(name.text);
    if (first !== undefined)
      findings.error(`duplicate-${kind}`, name, `the ${kind} ${name.text} is declared twice`, { first });
    seen.set(name.text, first ?? name);
    if (kind === 'function' && reserved.has(name.text)) {
      findings.error(
        'reserved-name',
        name,
        `a function may not be called ${name.text}, a word of the bridge protocol`,
      );
    }
    const taken = scalars.has(name.text) || ['Map', 'Vector', 'Matrix', 'optional'].includes(name.text);
    if (kind === 'type' && taken) {
      findings.error('reserved-name', name, `a type may not be called ${name.text}, which is one already`);
    } else if (kind === 'type' && !/^[A-Z]/.test(name.text)) {
      findings.error('bad-name', name, `the type ${name.text} must begin with a capital letter`);
    }
  }
}
