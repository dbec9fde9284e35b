import type { Api, Type } from './type.ts';

/** A type as the language writes it; names stay names. `parseType` of it gives the type again. */
export function printType(type: Type): string {
  switch (type.kind) {
    case 'integer':
      return 'Integer';
    case 'double':
      return 'Double';
    case 'boolean':
      return 'Boolean';
    case 'text':
      return 'Text';
    case 'bytes':
      return 'Bytes';
    case 'timestamp':
      return 'Timestamp';
    case 'json':
      return 'Json';
    case 'unit':
      return '()';
    case 'void':
      return 'Void';
    case 'named':
      return type.name;
    case 'list':
      return `[${printType(type.item)}]`;
    case 'optional':
      return `optional ${printOperand(type.item)}`;
    case 'map':
      return `Map ${printOperand(type.item)}`;
    case 'tuple':
      return `(${type.items.map(printType).join(', ')})`;
    case 'record':
      if (type.fields.length === 0) return '{}';
      return `{ ${type.fields.map((field) => `${printName(field.name)}: ${printType(field.type)}`).join(', ')} }`;
    case 'sum':
      return type.cases.map(({ name, type: payload }) => `${name} ${printOperand(payload)}`).join(' | ');
    default: {
      const never: never = type;
      throw new Error(`unknown type ${JSON.stringify(never)}`);
    }
  }
}

/** What follows `optional`, `Map` or a case: in parentheses where it would be read otherwise. */
function printOperand(type: Type): string {
  const text = printType(type);
  return type.kind === 'optional' || type.kind === 'map' || type.kind === 'sum' ? `(${text})` : text;
}

/** An API in canonical form: its types, then its functions, a line each. */
export function printApi(api: Api): string {
  const types = api.types.map(({ name, type }) => `type ${name} = ${printType(type)}\n`);
  const functions = api.functions.map(
    ({ name, input, output }) => `${name} : ${printType(input)} -> ${printType(output)}\n`,
  );
  return [...types, ...functions].join('');
}

/** A field's name, quoted as JSON where it is no plain word. */
function printName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : JSON.stringify(name);
}
