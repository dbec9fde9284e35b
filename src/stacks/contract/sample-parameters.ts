import type { Manifest } from '../../manifest/index.ts';
import type { Type } from '../../types/index.ts';

/** A value for each parameter that has no default, so that a service can start before any workflow gives it one. */
export function sampleParameters({ config }: Manifest): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    config.flatMap(({ name, type, default: value }) =>
      value === undefined ? [[name, sampleValue(type)]] : [],
    ),
  );
}

/** The plainest JSON value of a type. */
function sampleValue(type: Type): unknown {
  switch (type.kind) {
    case 'integer':
    case 'double':
      return 1;
    case 'boolean':
      return false;
    case 'text':
    case 'bytes':
      return '';
    case 'timestamp':
      return '2000-01-01T00:00:00Z';
    case 'json':
    case 'unit':
    case 'void':
    case 'optional':
      return null;
    case 'list':
      return [];
    case 'map':
      return {};
    case 'tuple':
      return type.items.map(sampleValue);
    case 'record':
      return Object.fromEntries(type.fields.map((field) => [field.name, sampleValue(field.type)]));
    case 'sum': {
      const [first] = type.cases;
      return first === undefined ? null : { [first.name]: sampleValue(first.type) };
    }
    case 'named':
      return sampleValue(type.target);
    default:
      return type satisfies never;
  }
}
