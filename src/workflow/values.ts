import type { Binding, Value } from './syntax-tree.ts';

/** A value of a workflow text as JSON text, its numbers as they were written. */
export function jsonOf(value: Value): string {
  switch (value.kind) {
    case 'text':
      return JSON.stringify(value.text);
    case 'number':
      return value.text;
    case 'boolean':
      return String(value.value);
    case 'null':
      return 'null';
    case 'list':
      return `[${value.items.map(jsonOf).join(',')}]`;
    case 'record':
      return `{${value.fields.map(memberOf).join(',')}}`;
    default:
      return value satisfies never;
  }
}

function memberOf({ name, value }: Binding): string {
  return `${JSON.stringify(name)}:${jsonOf(value)}`;
}
