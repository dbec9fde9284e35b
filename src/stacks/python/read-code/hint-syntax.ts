import type { Node } from 'web-tree-sitter';
import { children, dottedPath } from './python-file.ts';

/** The base and the arguments of `base[a, b]`, as hint or as expression. */
export function subscriptParts(hint: Node): readonly Node[] {
  if (hint.type === 'generic_type') {
    const [base, parameters] = children(hint);
    return base === undefined || parameters === undefined ? [] : [base, ...children(parameters)];
  }
  const base = hint.childForFieldName('value');
  return base === null ? [] : [base, ...hint.childrenForFieldName('subscript')];
}

/** A hint on one line, cut where it is long. */
export function textOf(hint: Node): string {
  const text = (dottedPath(hint)?.join('.') ?? hint.text).replaceAll(/\s+/g, ' ');
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
