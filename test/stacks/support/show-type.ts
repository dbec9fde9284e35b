import type { CodeType } from '../../../src/stacks/index.ts';

/** A type as a short text: `optional(integer)`; what is outside the type language with its reason, or what `outside` makes of it. */
export function showType(type: CodeType, outside = (reason: string) => `unsupported: ${reason}`): string {
  const show = (part: CodeType) => showType(part, outside);
  switch (type.kind) {
    case 'known':
      return type.type.kind;
    case 'open':
      return `open ${type.shape}`;
    case 'unsupported':
      return outside(type.reason);
    case 'list':
    case 'map':
    case 'optional':
      return `${type.kind}(${show(type.item)})`;
    case 'tuple':
      return `tuple(${type.items.map(show).join(', ')})`;
    case 'record':
      return `{${type.fields.map((field) => `${field.name}: ${show(field.type)}`).join(', ')}}`;
    case 'sum':
      return type.cases.map((one) => `${one.name} ${show(one.payload ?? one.type)}`).join(' | ');
    default:
      return type.kind;
  }
}
