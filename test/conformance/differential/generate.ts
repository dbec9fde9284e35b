import fc from 'fast-check';
import { sampleValues } from '../../../src/types/index.ts';
import { jsonFor } from '../../types/support/arbitrary-json.ts';
import { asFrame, mutate } from './mutate.ts';
import type { Random } from './random.ts';
import { blockFrame, callFrame, type Subject } from './subject.ts';

/** So many inputs for a function: a few that fit, more that nearly do, the most of them changed at random. */
export function generateItems({ input }: Subject, random: Random, count: number): readonly Buffer[] {
  const half = Math.ceil(count / 2);
  const seed = random.below(2 ** 31);
  const texts = [...sampleValues(input, seed, half), ...fc.sample(jsonFor(input), { seed, numRuns: half })];
  return texts.map((text) => {
    const bytes = asFrame(Buffer.from(text));
    return random.chance(0.15) ? bytes : mutate(bytes, random);
  });
}

/** Frames for a function, changed anywhere: in the envelope as well as in what it holds. */
export function generateFrames(subject: Subject, random: Random, count: number): readonly Buffer[] {
  const values = sampleValues(subject.input, random.below(2 ** 31), count).map((text) => Buffer.from(text));
  return values.map((value, index) => {
    const frame = random.pick([
      callFrame,
      mixedCall,
      () => blockFrame(subject, values.slice(index, index + 3)),
      mixedBlock,
    ]);
    return mutate(frame(subject, value), random);
  });
}

/** Members in another order, with spaces and with members that nobody knows. */
function mixedBlock({ name }: Subject, item: Uint8Array): Buffer {
  const head = '{ "id" : 7 , "more" : [ 1 , { } ] , "params" : { "more" : null , "items" : [ ';
  const tail = ` ] , "function" : "${name}" } , "method" : "$/block" , "jsonrpc" : "2.0" }`;
  return Buffer.concat([Buffer.from(head), item, Buffer.from(tail)]);
}

function mixedCall({ name, arity }: Subject, item: Uint8Array): Buffer {
  const params = arity === 1 ? Buffer.concat([Buffer.from('['), item, Buffer.from(']')]) : item;
  const tail = `,"method":"${name}","id":7,"jsonrpc":"2.0"}`;
  return Buffer.concat([
    Buffer.from('{"params":'),
    arity === 0 ? Buffer.from('[]') : params,
    Buffer.from(tail),
  ]);
}
