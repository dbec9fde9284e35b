import type { CodeType } from '../../../../src/stacks/index.ts';

/** A type as a short text: `optional(integer)`. */
export function showType(type: CodeType): string {
  switch (type.kind) {
    case 'known':
      return type.type.kind;
    case 'open':
      return `open ${type.shape}`;
    case 'unsupported':
      return `unsupported: ${type.reason}`;
    case 'list':
    case 'map':
    case 'optional':
      return `${type.kind}(${showType(type.item)})`;
    case 'tuple':
      return `tuple(${type.items.map(showType).join(', ')})`;
    case 'record':
      return `{${type.fields.map((field) => `${field.name}: ${showType(field.type)}`).join(', ')}}`;
    case 'sum':
      return type.cases.map((one) => `${one.name} ${showType(one.payload ?? one.type)}`).join(' | ');
    default:
      return type.kind;
  }
}
