import type { Diagnostic } from '../core/index.ts';
import { checkNames } from './check-names.ts';
import { declarationOrder } from './declaration-order.ts';
import { readDeclarations } from './read-declarations.ts';
import { type Resolved, resolveDeclaration, resolveType } from './resolve.ts';
import { Findings, type TextOrigin } from './text-origin.ts';
import { TokenReader } from './token-reader.ts';
import type { Api, FunctionType, Type } from './type.ts';

/** Longer texts (in UTF-16 code units) are refused unread. */
export const longestText = 1024 * 1024;

/**
 * Reads the `api` of a manifest: lines `type Name = ...` and `name : In -> Out`, in any order. All faults come at once, each with its
 * place, line and hint; with any of them `api` is undefined. Never throws, whatever the text.
 */
export function parseApi(
  text: string,
  origin: TextOrigin = { file: '<api>', line: 1, column: 0, indent: 0 },
): { readonly api: Api | undefined; readonly diagnostics: readonly Diagnostic[] } {
  if (text.length > longestText) return { api: undefined, diagnostics: [tooLong(origin)] };
  const findings = new Findings(text, origin);
  const declarations = readDeclarations(new TokenReader(text, findings));
  checkNames(declarations, findings);

  const scope = new Map<string, Resolved | undefined>();
  const types = declarations.filter((declaration) => declaration.kind === 'type');
  // Of types declared twice, which checkNames has reported, the first stands.
  const unique = [...new Map(types.toReversed().map((type) => [type.name.text, type])).values()].toReversed();
  for (const { name } of unique) scope.set(name.text, undefined);
  for (const { name, body } of declarationOrder(unique, findings)) {
    scope.set(name.text, resolveDeclaration(name, body, scope, findings));
  }
  const functions = declarations.flatMap((declaration): FunctionType[] => {
    if (declaration.kind === 'type') return [];
    const input = resolveType(declaration.input, scope, findings, true);
    const output = resolveType(declaration.output, scope, findings, true);
    if (input === undefined || output === undefined) return [];
    if (input.type.kind === 'void' && output.type.kind === 'void') {
      findings.error(
        'void-inside',
        declaration.name,
        `${declaration.name.text} takes nothing and gives nothing`,
        {
          hint: 'Void -> T is a source, T -> Void a sink, () -> () a plain function',
        },
      );
    }
    return [Object.freeze({ name: declaration.name.text, input: input.type, output: output.type })];
  });
  if (findings.diagnostics.length > 0) return { api: undefined, diagnostics: findings.inOrder() };
  const declared = unique.map(({ name }) =>
    Object.freeze({ name: name.text, type: targetOf(scope.get(name.text)) }),
  );
  return {
    api: Object.freeze({ types: Object.freeze(declared), functions: Object.freeze(functions) }),
    diagnostics: [],
  };
}

function targetOf(resolved: Resolved | undefined): Type {
  if (resolved?.type.kind !== 'named') throw new Error('a declared type without findings has no meaning');
  return resolved.type.target;
}

export function tooLong(origin: TextOrigin): Diagnostic {
  return {
    code: 'too-long',
    severity: 'error',
    message: `the text of types is longer than ${longestText / 1024 / 1024} MiB`,
    place: { file: origin.file, line: origin.line, column: origin.column + 1 },
    hint: 'split it into several services',
  };
}
