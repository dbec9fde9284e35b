import type { Node } from 'web-tree-sitter';
import type { Diagnostic } from '../../../core/index.ts';
import { loneBracket } from './brackets.ts';
import type { HaskellModule } from './haskell-module.ts';

/**
 * What of the entry module could not be read. The grammar does not know every extension of GHC's, so that alone a bracket without its partner is
 * certain to be an error; the rest is a note, and left to GHC.
 */
export function syntaxFaults(module: HaskellModule, text: string): readonly Diagnostic[] {
  if (!module.root.hasError) return [];
  const lone = loneBracket(text);
  if (lone !== undefined) {
    const { bracket, line, column } = lone;
    const fault = ')]}'.includes(bracket) ? 'closes nothing' : 'is never closed';
    return [
      {
        code: 'syntax-error',
        severity: 'error',
        message: `${module.file}:${line} is not Haskell: "${bracket}" ${fault}`,
        place: { file: module.file, line, column, length: 1 },
        ...withLine(module, line),
      },
    ];
  }
  const node = firstBroken(module.root);
  const place = module.placeOf(node);
  return [
    {
      code: 'left-to-compiler',
      severity: 'note',
      message: `${module.file}:${place.line} holds something that cannot be read here; left to the compiler`,
      place,
      ...withLine(module, place.line),
    },
  ];
}

function firstBroken(root: Node): Node {
  let node = root;
  for (;;) {
    const inner = node.children.find((child) => child.hasError || child.isMissing);
    if (node.isError || node.isMissing || inner === undefined) return node;
    node = inner;
  }
}

function withLine(module: HaskellModule, number: number): { readonly sourceLine?: string } {
  const sourceLine = module.line(number);
  return sourceLine === undefined ? {} : { sourceLine };
}
