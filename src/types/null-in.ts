import type { Type } from './type.ts';

/** Why a type holds null, as a clause. */
export function nullIn(type: Type): string | undefined {
  switch (type.kind) {
    case 'named': {
      const inner = nullIn(type.target);
      return inner && `${type.name} is not one: ${inner}`;
    }
    case 'json':
      return 'Json may be null';
    case 'unit':
      return '() is null';
    case 'optional':
      return 'an optional may be null already';
    default:
      return undefined;
  }
}
