import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseApi, parseType, printApi, printType, type Type } from '../../src/types/index.ts';
import { named, optionalOf, scalar, sumOf, tupleOf } from '../../src/types/make-type.ts';
import { runs } from '../support/runs.ts';
import { anyApi, anyType } from './support/arbitrary-type.ts';

describe('printing', () => {
  test('and parsing an API gives the API again', () => {
    fc.assert(
      fc.property(anyApi, (api) => {
        expect(parseApi(printApi(api))).toEqual({ api, diagnostics: [] });
      }),
      runs(150),
    );
  });

  test('a parsed API prints the same text again', () => {
    fc.assert(
      fc.property(anyApi, (api) => {
        const text = printApi(api);
        const again = parseApi(text).api;
        expect(again && printApi(again)).toBe(text);
      }),
    );
  });

  test('and parsing a type gives the type again, with the names it uses', () => {
    fc.assert(
      fc.property(anyType, (type) => {
        expect(parseType(printType(type), undefined, namesIn(type))).toEqual({ type, diagnostics: [] });
      }),
      runs(150),
    );
  });

  test('shows a sum without a name by its cases, in parentheses inside other types', () => {
    const sum = sumOf([
      { name: 'Click', type: named('Click', scalar('text')) },
      { name: 'Quit', type: scalar('unit') },
    ]);
    expect(printType(sum)).toBe('Click Click | Quit ()');
    expect(printType(optionalOf(sum))).toBe('optional (Click Click | Quit ())');
    expect(printType(tupleOf([sum, scalar('void')]))).toBe('(Click Click | Quit (), Void)');
  });

  test('writes one declaration a line', () => {
    const { api } = parseApi('type A = {b:Text,"c d":Map [Integer]?}\n\nf:A->()');
    expect(api).toBeUndefined();
    const good = parseApi('fun f : A -> ()\ntype A = {b:Text, // b\n "c d":Map (([Integer])?), }').api;
    expect(good && printApi(good)).toBe(
      'type A = { b: Text, "c d": Map (optional [Integer]) }\nf : A -> ()\n',
    );
  });
});

function namesIn(type: Type): { name: string; type: Type }[] {
  switch (type.kind) {
    case 'named':
      return [{ name: type.name, type: type.target }];
    case 'list':
    case 'map':
    case 'optional':
      return namesIn(type.item);
    case 'tuple':
      return type.items.flatMap(namesIn);
    case 'record':
      return type.fields.flatMap((field) => namesIn(field.type));
    default:
      return [];
  }
}
