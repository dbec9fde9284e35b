import { expect } from 'vitest';
import { rpcCodes } from '../../../src/bridge/index.ts';
import { initializeParams, manifestOf, openPeer, openRaw, type RawSession } from '../session.ts';
import type { BehaviourCase } from './behaviour.ts';
import { text } from './texts.ts';

const area = 'errors';

const failing = (
  how: string,
  name: string,
  check: (error: { message: string; data?: { stack?: string } }) => void,
): BehaviourCase => ({
  area,
  name,
  async run(_language, shared) {
    const session = await shared.peer();
    const items = text(`"a","${how}","b"`);
    const { items: kept, failed } = await session.peer.block('fail', [items], 3);
    expect(new TextDecoder().decode(kept)).toBe('["a","b"]');
    expect(failed).toMatchObject([{ index: 1, error: { code: rpcCodes.serviceError } }]);
    const [only] = failed;
    if (only !== undefined)
      check({ message: only.error.message, data: { stack: only.error.data?.stack ?? '' } });
    const call = session.peer.call('fail', text(`["${how}"]`), { timeout: 10_000 });
    await expect(call).rejects.toMatchObject({ rpc: { code: rpcCodes.serviceError } });
    expect(
      new TextDecoder().decode(await session.peer.call('fail', text('["a"]'), { timeout: 10_000 })),
    ).toBe('"a"');
  },
});

export const errorCases: readonly BehaviourCase[] = [
  failing(
    'raise',
    'what user code raises fails that message alone, with a stack of user code',
    ({ message, data }) => {
      expect(message).toContain('it cannot be done');
      expect(data?.stack).toContain('it cannot be done');
      expect(data?.stack).toMatch(/[sS]ervice\./);
    },
  ),
  failing('exit', 'user code that leaves the process fails that message alone', () => {}),
  failing('recursion', 'recursion without an end fails that message alone', ({ data }) => {
    expect(data?.stack?.length).toBeLessThan(20_000);
  }),
  failing('long', 'a long error message is cut', ({ message }) => {
    expect(message.length).toBeLessThan(20_000);
  }),
  withRaw('a function that does not exist', async (request) => {
    expect((await request(1, 'nothing_of_the_kind', '[1]')).error?.code).toBe(rpcCodes.methodNotFound);
    expect((await request(2, '$/block', '{"function":"nothing_of_the_kind","items":[1]}')).error?.code).toBe(
      rpcCodes.methodNotFound,
    );
  }),
  withRaw('a name that is reserved cannot be called', async (request) => {
    for (const name of ['startup', 'rpc.other', '$/other']) {
      expect((await request(1, name, '[]')).error?.code, name).toBe(rpcCodes.methodNotFound);
    }
  }),
  withRaw('a wrong number of arguments', async (request) => {
    for (const params of ['[]', '["a","b"]']) {
      expect((await request(1, 'say', params)).error?.code, params).toBe(rpcCodes.invalidParams);
    }
  }),
  withRaw('params that are no list', async (request) => {
    expect((await request(1, 'say', '{"way":"print"}')).error?.code).toBe(rpcCodes.invalidParams);
    expect((await request(2, '$/block', '{"function":"say","items":{}}')).error?.code).toBe(
      rpcCodes.invalidParams,
    );
    expect((await request(3, '$/block', '{"items":[]}')).error?.code).toBe(rpcCodes.invalidParams);
  }),
  withRaw('an error of an input names its path', async (request) => {
    const answer = await request(1, '$/block', '{"function":"twice","items":[1,"2"]}');
    expect(answer.result).toMatchObject({
      items: [2],
      failed: [{ index: 1, error: { code: rpcCodes.invalidParams, data: { path: '$' } } }],
    });
  }),
  {
    area,
    name: 'a function of the API that the code does not have stops the start',
    async run(language) {
      await using session = await openRaw(language, 'behaviour');
      const params = initializeParams(await manifestOf(language, 'behaviour'));
      const api = { ...params.api, missing: { input: {}, output: {}, arity: 1 } };
      const answer = await session.request(0, 'initialize', JSON.stringify({ ...params, api }));
      expect(answer.error?.code).toBe(rpcCodes.methodNotFound);
      expect(answer.error?.message).toContain('missing');
    },
  },
  {
    area,
    name: 'nothing is served before initialize, which comes once',
    async run(language) {
      await using session = await openRaw(language, 'behaviour');
      expect((await session.request(1, 'say', '["print"]')).error?.code).toBe(rpcCodes.notInitialized);
      expect((await session.request(2, 'rpc.discover', '[]')).error?.code).toBe(rpcCodes.notInitialized);
      const params = JSON.stringify(initializeParams(await manifestOf(language, 'behaviour')));
      expect((await session.request(3, 'initialize', params)).result).toMatchObject({ protocol: 1 });
      expect((await session.request(4, 'initialize', params)).error?.code).toBe(rpcCodes.invalidRequest);
    },
  },
  {
    area,
    name: 'another version of the protocol is refused',
    async run(language) {
      await using session = await openRaw(language, 'behaviour');
      const params = { ...initializeParams(await manifestOf(language, 'behaviour')), protocol: 99 };
      expect((await session.request(0, 'initialize', JSON.stringify(params))).error?.code).toBe(
        rpcCodes.invalidParams,
      );
    },
  },
  {
    area,
    name: 'parameters of the stage reach the code',
    async run(language) {
      await using session = await openPeer(language, 'behaviour', { greeting: 'good morning' });
      const result = await session.peer.call('parameter', text('["greeting"]'), { timeout: 10_000 });
      expect(new TextDecoder().decode(result)).toBe('"good morning"');
    },
  },
];

type Request = RawSession['request'];

function withRaw(name: string, check: (request: Request) => Promise<void>): BehaviourCase {
  return {
    area,
    name,
    run: async (_language, shared) => check((await shared.raw()).request),
  };
}
