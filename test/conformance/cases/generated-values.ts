import { expect } from 'vitest';
import { argumentTypes, sampleValues } from '../../../src/types/index.ts';
import { differenceOf } from '../same-value.ts';
import { functionOf, type PeerSession } from '../session.ts';
import { text } from './texts.ts';

const seed = 20_260_901;
const samples = 200;

/** Sends generated values of a function's type in one block, and the first of them as calls. Each must come back as the same value. */
export async function checkEveryType(name: string, { peer, manifest }: PeerSession): Promise<void> {
  const { input, output } = functionOf(manifest, name);
  const values = sampleValues(input, seed, samples);
  const { items, count, failed } = await peer.block(name, [text(values.join(','))], values.length);
  expect(failed).toEqual([]);
  expect(count).toBe(values.length);
  const list = { kind: 'list', item: output } as const;
  expect(differenceOf(list, `[${values.join(',')}]`, new TextDecoder().decode(items))).toBeUndefined();

  const arity = argumentTypes(input).length;
  for (const value of values.slice(0, 10)) {
    const params = arity === 1 ? `[${value}]` : arity === 0 ? '[]' : value;
    const result = await peer.call(name, text(params), { timeout: 10_000 });
    expect(differenceOf(output, value, new TextDecoder().decode(result))).toBeUndefined();
  }
}

/** The functions of the fixture that give back what they get: one for each kind of type, and types made of them. */
export const echoFunctions = [
  'integer',
  'decimal',
  'truth',
  'text',
  'blob',
  'timestamp',
  'json',
  'nothing',
  'integers',
  'lists',
  'table',
  'pair',
  'maybe',
  'leg',
  'trip',
  'event',
  'session',
] as const;
