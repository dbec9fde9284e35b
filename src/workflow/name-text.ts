import type { Span } from '../types/index.ts';
import type { Path, Postfix, Reference } from './syntax-tree.ts';

/** An element's name as it was written, without its type, parameters and postfixes. */
export function nameText(element: Reference | Path): string {
  if (element.kind === 'path') return `${element.system}/${element.path}`;
  const { name, version, member } = element;
  return `${name}${version === undefined ? '' : `:${version}`}${member === undefined ? '' : `.${member}`}`;
}

/** Where that name stands. */
export function nameSpan(element: Reference | Path): Span {
  const { start, end } = element.span;
  const parts = [...element.postfixes, ...element.bindings, ...(element.type ? [element.type] : [])];
  const ends = parts.map(({ span }) => span.start).filter((each) => each > start);
  return { start, end: Math.min(start + nameText(element).length, end, ...ends) };
}

/** A name with a postfix; right behind a path the sign would be read as one of its. */
export function withPostfix(name: string, kind: Postfix['kind']): string {
  return `${name}${/\/[^*?]*$/.test(name) ? ' ' : ''}${kind === 'concat' ? '*' : '?'}`;
}
