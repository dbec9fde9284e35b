import { printType, type Type } from '../../types/index.ts';
import type { CodeType } from '../stack.ts';

/** The same type with its outermost layer as a kind of its own, names looked through; `Json` and a map of anything are open. */
export function plainCodeType(code: CodeType): CodeType {
  if (code.kind === 'map') {
    const item = plainCodeType(code.item);
    return item.kind === 'open' && item.shape === 'any'
      ? { kind: 'open', shape: 'object', text: code.text }
      : code;
  }
  return code.kind === 'known' ? layer(code.type, code.text) : code;
}

function layer(type: Type, text: string): CodeType {
  const known = (inner: Type): CodeType => ({ kind: 'known', type: inner, text: printType(inner) });
  switch (type.kind) {
    case 'named':
      return layer(type.target, text);
    case 'json':
      return { kind: 'open', shape: 'any', text };
    case 'list':
    case 'optional':
      return { kind: type.kind, item: known(type.item), text };
    case 'map':
      return plainCodeType({ kind: 'map', item: known(type.item), text });
    case 'tuple':
      return { kind: 'tuple', items: type.items.map(known), text };
    case 'record':
      return {
        kind: 'record',
        fields: type.fields.map(({ name, type: field }) => ({ name, type: known(field), hasDefault: false })),
        text,
      };
    case 'sum':
      return {
        kind: 'sum',
        cases: type.cases.map(({ name, type: payload }) => ({ name, type: known(payload) })),
        text,
      };
    default:
      return { kind: 'known', type, text };
  }
}

/** What the author wrote, and in brackets the nearest of the type language where that says more: `str (Text)`. */
export function showCodeType(code: CodeType): string {
  if (code.kind === 'unstated') return 'anything';
  const word = code.kind === 'known' ? printType(code.type) : undefined;
  return word === undefined || word === code.text ? code.text : `${code.text} (${word})`;
}
