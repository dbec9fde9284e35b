import { isUtf8 } from 'node:buffer';
import { expect } from 'vitest';
import { CallError, rpcCodes } from '../../../src/bridge/index.ts';
import type { Manifest } from '../../../src/manifest/index.ts';
import { argumentTypes, compileValidator } from '../../../src/types/index.ts';
import { differenceOf } from '../same-value.ts';
import { type Answer, functionOf, type PeerSession, type RawSession } from '../session.ts';
import type { InputCase } from './input-values.ts';
import type { ResultCase } from './result-values.ts';
import { text } from './texts.ts';

/** The hub, a plain call and a block must say the same of an input. */
export async function checkInput(one: InputCase, manifest: Manifest, raw: RawSession): Promise<void> {
  const { fn, input } = one;
  const type = functionOf(manifest, fn).input;
  const fault = isUtf8(input) ? compileValidator(type, 'input').check(input, 0, input.length) : 'no UTF-8';
  expect(fault === undefined, `the hub says ${JSON.stringify(fault)}`).toBe(one.kept !== undefined);

  const arity = argumentTypes(type).length;
  const params = arity === 1 ? join(text('['), input, text(']')) : arity === 0 ? text('[]') : input;
  judge(one, type, await raw.request(1, fn, params), (answer) => answer.result);

  const block = join(text(`{"function":"${fn}","items":[`), input, text(']}'));
  const answer = await raw.request(2, '$/block', block);
  const result = answer.result as
    | { items: unknown[]; failed?: { error: NonNullable<Answer['error']> }[] }
    | undefined;
  const error = result?.failed?.[0]?.error ?? answer.error;
  judge(one, type, error === undefined ? answer : { ...answer, error }, () => result?.items[0]);
}

function judge(
  one: InputCase,
  type: Parameters<typeof differenceOf>[0],
  answer: Answer,
  resultOf: (answer: Answer) => unknown,
): void {
  if (one.kept !== undefined) {
    expect(answer.error).toBeUndefined();
    expect(resultOf(answer)).toBeDefined();
    const frame = answer.frame.toString('utf8');
    const kept = new TextDecoder().decode(one.kept);
    const got = /^\{"jsonrpc":"2\.0","id":\d+,"result":(?:\{"items":\[(.*)\]\}|(.*))\}$/s.exec(frame);
    expect(got, frame.slice(0, 200)).not.toBeNull();
    expect(differenceOf(type, kept, got?.[1] ?? got?.[2] ?? '')).toBeUndefined();
    return;
  }
  expect(answer.error?.code, JSON.stringify(answer.error)).toBe(
    one.malformed ? rpcCodes.parseError : rpcCodes.invalidParams,
  );
  if (one.malformed) expect(answer.id).toBeNull();
}

/** Shim and hub together let no other result through, in a call and in a block. */
export async function checkResult(one: ResultCase, { peer, manifest }: PeerSession): Promise<void> {
  const type = functionOf(manifest, one.fn).output;
  const argument = text(JSON.stringify(one.which));
  const call = peer.call(one.fn, join(text('['), argument, text(']')), { timeout: 10_000 });
  const outcome = await call.then(
    (result) => new TextDecoder().decode(result),
    (error: unknown) => error,
  );
  const { items, count, failed } = await peer.block(one.fn, [argument], 1);
  if (one.kept !== undefined) {
    expect(outcome).toEqual(expect.any(String));
    expect(differenceOf(type, one.kept, String(outcome))).toBeUndefined();
    expect(failed).toEqual([]);
    expect(
      differenceOf({ kind: 'list', item: type }, `[${one.kept}]`, new TextDecoder().decode(items)),
    ).toBeUndefined();
    return;
  }
  const code = one.code ?? rpcCodes.invalidResult;
  expect(outcome).toBeInstanceOf(CallError);
  expect(outcome).toMatchObject({ rpc: { code } });
  expect(count).toBe(0);
  expect(failed).toMatchObject([{ index: 0, error: { code } }]);
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
