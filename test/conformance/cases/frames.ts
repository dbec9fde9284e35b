import { expect } from 'vitest';
import { rpcCodes } from '../../../src/bridge/index.ts';
import { manifestOf, readAnswer } from '../session.ts';
import type { BehaviourCase } from './behaviour.ts';

const area = 'frames';
const call = (id: number | string, argument: string) =>
  `{"jsonrpc":"2.0","id":${id},"method":"fail","params":[${argument}]}`;
/** As the hub writes it, but for the id. */
const block = (id: string) =>
  `{"jsonrpc":"2.0","id":${id},"method":"$/block","params":{"function":"fail","items":["a"]}}`;

/** Frames that are refused with an id of null; the next one is served. */
const refused: readonly (readonly [name: string, frame: string | Uint8Array, code: number])[] = [
  ['an empty line', '', rpcCodes.parseError],
  ['a line of white space', ' \t', rpcCodes.parseError],
  ['a frame that is cut', '{"jsonrpc":"2.0","id":1', rpcCodes.parseError],
  ['text after the frame', `${call(1, '"a"')} x`, rpcCodes.parseError],
  ['two values in one frame', `${call(1, '"a"')}${call(2, '"a"')}`, rpcCodes.parseError],
  [
    'invalid UTF-8',
    Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","id":1,"method":"fail","params":["'),
      Buffer.from([0xff]),
      Buffer.from('"]}'),
    ]),
    rpcCodes.parseError,
  ],
  ['a frame without a method', '{"jsonrpc":"2.0","id":1}', rpcCodes.invalidRequest],
  ['a frame without jsonrpc', '{"id":1,"method":"fail","params":["a"]}', rpcCodes.invalidRequest],
  ['another jsonrpc', '{"jsonrpc":"1.0","id":1,"method":"fail","params":["a"]}', rpcCodes.invalidRequest],
  ...['-1', '1000000000000000', '9007199254740993', '99999999999999999999', '1.0', '"1"', 'null'].flatMap(
    (id): (typeof refused)[number][] => [
      [`the id ${id} of a call`, call(id, '"a"'), rpcCodes.invalidRequest],
      [`the id ${id} of a block`, block(id), rpcCodes.invalidRequest],
    ],
  ),
  [
    'a member that comes twice, where the last one does not fit,',
    `{"id":1,${call('[]', '"a"').slice(1)}`,
    rpcCodes.invalidRequest,
  ],
  ['a batch', `[${call(1, '"a"')}]`, rpcCodes.invalidRequest],
  ['a number', '7', rpcCodes.invalidRequest],
];

/** Frames with the id 7 for the same block, with members that come twice: the last one counts, also where the first does not fit. */
const twofold = [
  `{"id":[],${block('7').slice(1)}`,
  `{"jsonrpc":"1.0",${block('7').slice(1)}`,
  `{"method":7,${block('7').slice(1)}`,
  `{"params":[],${block('7').slice(1)}`,
  `{"params":{"items":5,"function":"twice"},${block('7').slice(1)}`,
  block('7').replace('"function":', '"function":5,"function":'),
  block('7').replace('"items":', '"items":5,"items":'),
  block('7').replace('"a"]}}', '"a"]},"id":8,"id":7}'),
];

export const frameCases: readonly BehaviourCase[] = [
  ...refused.map(
    ([name, frame, code]): BehaviourCase => ({
      area,
      name: `${name} is refused, and the next frame is served`,
      async run(_language, shared) {
        const session = await shared.raw();
        session.send(Buffer.concat([Buffer.from(frame), Buffer.from('\n')]));
        const answer = readAnswer(await session.receive());
        expect(answer.id).toBeNull();
        expect(answer.error?.code).toBe(code);
        expect((await session.request(3, 'fail', '["a"]')).result).toBe('a');
      },
    }),
  ),
  {
    area,
    name: 'of two members of a frame the last one counts, also where the first does not fit',
    async run(_language, shared) {
      const session = await shared.raw();
      for (const frame of twofold) {
        session.send(`${frame}\n`);
        const answer = readAnswer(await session.receive());
        expect(answer, frame).toMatchObject({ id: 7, result: { items: ['a'] } });
      }
    },
  },
  {
    area,
    name: 'the params of a block are looked at before its function is sought',
    async run(_language, shared) {
      const session = await shared.raw();
      for (const params of ['{"function":"absent"}', '{"items":[1]}', '{"function":7,"items":[1]}', '[]'])
        expect((await session.request(3, '$/block', params)).error?.code, params).toBe(
          rpcCodes.invalidParams,
        );
      const absent = await session.request(3, '$/block', '{"function":"absent","items":[1]}');
      expect(absent.error?.code).toBe(rpcCodes.methodNotFound);
    },
  },
  {
    area,
    name: 'frames are split at line feeds whatever pieces they come in',
    async run(_language, shared) {
      const session = await shared.raw();
      const long = 'é'.repeat(300_000);
      const bytes = Buffer.from(`${call(1, `"${long}"`)}\n${call(2, '"b"')}\n${call(3, '"c"')}\n`);
      for (let start = 0; start < bytes.length; start += 40_009)
        session.send(bytes.subarray(start, start + 40_009));
      expect(readAnswer(await session.receive())).toMatchObject({ id: 1, result: long });
      expect(readAnswer(await session.receive())).toMatchObject({ id: 2, result: 'b' });
      expect(readAnswer(await session.receive())).toMatchObject({ id: 3, result: 'c' });
    },
  },
  {
    area,
    name: 'members may stand in any order with any legal white space',
    async run(_language, shared) {
      const session = await shared.raw();
      session.send(
        ' {\t"params" : { "items" : [ "a" , "b" ] , "function" : "fail" } ,"method":"$/block","id": 3,"jsonrpc":"2.0"}\r\n',
      );
      expect(readAnswer(await session.receive())).toMatchObject({ id: 3, result: { items: ['a', 'b'] } });
    },
  },
  {
    area,
    name: 'escapes in the names of functions and members are read',
    async run(_language, shared) {
      const session = await shared.raw();
      session.send('{"jsonrpc":"2.0","id":3,"m\\u0065thod":"f\\u0061il","params":["a"]}\n');
      expect(readAnswer(await session.receive())).toMatchObject({ id: 3, result: 'a' });
    },
  },
  {
    area,
    name: 'an empty block is answered with none',
    async run(_language, shared) {
      const session = await shared.raw();
      expect((await session.request(1, '$/block', '{"function":"fail","items":[]}')).result).toMatchObject({
        items: [],
      });
      expect((await session.request(2, '$/block', '{"function":"twice","items":[]}')).result).toMatchObject({
        items: [],
      });
    },
  },
  {
    area,
    name: 'unknown notifications are ignored',
    async run(_language, shared) {
      const session = await shared.raw();
      session.send(
        '{"jsonrpc":"2.0","method":"$/other","params":{}}\n{"jsonrpc":"2.0","method":"fail","params":["a"]}\n',
      );
      expect((await session.request(3, 'fail', '["a"]')).result).toBe('a');
    },
  },
  {
    area,
    name: 'a vectorised function gets the whole block',
    async run(_language, shared) {
      const session = await shared.raw();
      const answer = await session.request(1, '$/block', '{"function":"twice","items":[1,2,3]}');
      expect(answer.result).toMatchObject({ items: [2, 4, 6] });
      await session.printed.has('block of 3');
      expect((await session.request(2, 'twice', '[21]')).result).toBe(42);
    },
  },
  {
    area,
    name: 'rpc.discover tells each function of the API with its place',
    async run(language, shared) {
      const session = await shared.raw();
      const document = (await session.request(1, 'rpc.discover', '[]')).result as {
        methods: {
          name: string;
          'x-nstack': { file: string; line: number; column: number; vectorised: boolean };
        }[];
      };
      const { api } = await manifestOf(language, 'behaviour');
      const byName = new Map(document.methods.map((method) => [method.name, method['x-nstack']]));
      for (const { name } of api.functions) {
        expect(byName.get(name), name).toMatchObject({
          file: expect.stringMatching(/^[sS]ervice\./),
          line: expect.any(Number),
          column: expect.any(Number),
          vectorised: name === 'twice',
        });
      }
      for (const hook of ['startup', 'shutdown']) expect(byName.has(hook)).toBe(false);
    },
  },
];
