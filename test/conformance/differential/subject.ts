import type { Manifest } from '../../../src/manifest/index.ts';
import { argumentTypes, compileValidator, type Type, type Validator } from '../../../src/types/index.ts';
import { functionOf } from '../session.ts';

/** A function that every language's fixture has and that gives back what it gets. */
export interface Subject {
  readonly name: string;
  readonly input: Type;
  readonly output: Type;
  readonly arity: number;
  /** What the hub checks inputs and results with. */
  readonly inputs: Validator;
  readonly results: Validator;
}

export function subjectOf(manifest: Manifest, name: string): Subject {
  const { input, output } = functionOf(manifest, name);
  return {
    name,
    input,
    output,
    arity: argumentTypes(input).length,
    inputs: compileValidator(input, 'input'),
    results: compileValidator(output, 'result'),
  };
}

/** Messages of one block, as the hub writes it. */
export function blockFrame({ name }: Subject, items: readonly Uint8Array[]): Buffer {
  const parts = items.flatMap((item, index) => (index === 0 ? [item] : [comma, item]));
  const head = `{"jsonrpc":"2.0","id":7,"method":"$/block","params":{"function":"${name}","items":[`;
  return Buffer.concat([Buffer.from(head), ...parts, Buffer.from(']}}')]);
}

/** One message as a call. */
export function callFrame({ name, arity }: Subject, item: Uint8Array): Buffer {
  const [open, close] = arity === 1 ? ['[', ']'] : ['', ''];
  const head = `{"jsonrpc":"2.0","id":7,"method":"${name}","params":${open}`;
  return Buffer.concat([Buffer.from(head), arity === 0 ? Buffer.from('[]') : item, Buffer.from(`${close}}`)]);
}

const comma = Buffer.from(',');
