import { describe, expect, it } from 'vitest';
import { createFieldReader, missingField, parseType } from '../../src/types/index.ts';

describe('the field of a message', () => {
  it.each([
    ['user', '{"user":"ali","n":1}', 'ali'],
    ['user', '{"n":{"user":"no"},"user" : "yes" }', 'yes'],
    ['user.id', '{"user":{"x":[1,"}"],"id":12 }}', '12'],
    ['user', '{"user":"a\\"b"}', 'a"b'],
    ['user', '{"us\\u0065r":"escaped"}', 'escaped'],
    ['user', '{"user":1,"user":"last"}', 'last'],
    ['user', '{"user":null}', undefined],
    ['user', '{}', undefined],
    ['user', '[1]', undefined],
    ['user.id', '{"user":"ali"}', undefined],
    ['o', '{"o":{"a":[1, 2]}}', '{"a":[1, 2]}'],
  ])('%s of %s is %s', (path, message, key) => {
    expect(createFieldReader(path)(Buffer.from(message))?.toString()).toBe(key);
  });
});

describe('a type', () => {
  it.each([
    ['{ user: { id: Integer } }', 'user.id', undefined],
    ['{ user: optional { id: Integer } }', 'user.id', undefined],
    ['{ user: Json }', 'user.id.x', undefined],
    ['Map Text', 'user', undefined],
    [
      '{ user: { id: Integer } }',
      'user.idd',
      { text: 'the messages have no field idd: there are id', near: 'id' },
    ],
    ['{ a: Text, b: Text }', 'count', { text: 'the messages have no field count: there are a, b' }],
    ['Text', 'user', { text: 'the messages have no field user: they have no fields' }],
  ])('%s says of the field %s what is missing', (text, path, missing) => {
    const { type = { kind: 'json' } } = parseType(text);
    expect(missingField(path, type)).toEqual(missing);
  });
});
