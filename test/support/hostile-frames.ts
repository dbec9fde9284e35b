import type { Random } from '../conformance/differential/random.ts';

/** A request that the hub waits for. Blocks and calls echo integers; a source gives whole numbers, each its own position. */
export type Asked =
  | { readonly kind: 'block'; readonly id: number; readonly items: readonly number[] }
  | { readonly kind: 'call'; readonly id: number; readonly items: readonly [number] }
  | { readonly kind: 'next'; readonly id: number; readonly credit: number; readonly from: number };

/**
 * What a frame is to do: end the peer; nothing; fail messages, and say so; answer as it should, though written oddly; or whatever chance has made of it, the values of
 * results included.
 */
export type Effect = 'breach' | 'nothing' | 'failures' | 'answer' | 'any';

export interface HostileFrame {
  /** One frame or several, line feeds included. */
  readonly bytes: Buffer;
  readonly effect: Effect;
}

interface Context {
  readonly random: Random;
  /** What waits, oldest first; there is always something. */
  readonly asked: readonly Asked[];
  /** The highest id that was asked. */
  readonly last: number;
  /** Bytes that one message may have. */
  readonly limit: number;
}

/** The frame that a service that is as it should be answers with. */
export function goodAnswer(asked: Asked, count = asked.kind === 'next' ? asked.credit : 1): string {
  return frame(asked.id, goodResult(asked, count));
}

function goodResult(asked: Asked, count: number): string {
  if (asked.kind === 'call') return String(asked.items[0]);
  if (asked.kind === 'block') return `{"items":[${asked.items.join(',')}]}`;
  const items = Array.from({ length: count }, (_, nth) => asked.from + nth + 1).join(',');
  return `{"items":[${items}],"positions":[${items}],"end":false}`;
}

const frame = (id: number | string, result: string) => `{"jsonrpc":"2.0","id":${id},"result":${result}}`;
const failure = (id: number | string, error: string) => `{"jsonrpc":"2.0","id":${id},"error":${error}}`;
const notification = (method: string, params: string) =>
  `{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":${params}}`;
const lines = (...frames: readonly string[]) => Buffer.from(frames.map((one) => `${one}\n`).join(''));
const breach = (...frames: readonly string[]): HostileFrame => ({
  bytes: lines(...frames),
  effect: 'breach',
});
const nothing = (...frames: readonly string[]): HostileFrame => ({
  bytes: lines(...frames),
  effect: 'nothing',
});

/** The head of what waits, and what is wrong with its result. */
function wrongResult({ asked, random }: Context, wrong: (asked: Asked) => readonly string[]): HostileFrame {
  const one = random.pick(asked);
  return breach(frame(one.id, random.pick(wrong(one))));
}

/** Every kind of frame that no service may send, or that changes nothing. */
export const hostileKinds: Readonly<Record<string, (context: Context) => HostileFrame>> = {
  'cut off': ({ asked, random }) => {
    const good = goodAnswer(random.pick(asked));
    return breach(good.slice(0, 1 + random.below(good.length - 1)));
  },
  'random bytes': ({ random }) => ({
    bytes: Buffer.from([...Array.from({ length: 1 + random.below(80) }, () => random.below(256)), 10]),
    effect: 'breach',
  }),
  'a changed byte': ({ asked, random }) => {
    const one = random.pick(asked.filter(({ kind }) => kind !== 'next'));
    if (one === undefined) return nothing(notification('$/other', '1'));
    const bytes = Buffer.from(`${goodAnswer(one)}\n`);
    bytes[random.below(bytes.length - 1)] = random.below(256);
    return { bytes, effect: 'any' };
  },
  'no UTF-8': ({ random }) => {
    const wrong = random.pick(['ff', 'c080', 'eda080', 'f4908080', 'c3', 'e282']);
    const bytes = Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","method":"$/log","params":{"level":"info","message":"'),
      Buffer.from(wrong, 'hex'),
      Buffer.from('"}}\n'),
    ]);
    return { bytes, effect: 'breach' };
  },
  'an id that was not asked': ({ random, last }) =>
    breach(
      frame(
        random.pick([
          last + 1 + random.below(1_000),
          0,
          -1,
          'null',
          '1.0',
          '1e0',
          '01',
          '"1"',
          '[1]',
          '{}',
          'true',
          '9007199254740993',
          '9'.repeat(500),
        ]),
        '1',
      ),
    ),
  'an answer twice': ({ asked, random }) => {
    const one = goodAnswer(random.pick(asked));
    return breach(one, one);
  },
  'another count': (context) =>
    wrongResult(context, (one) =>
      one.kind === 'call'
        ? ['', 'nul', '1,2']
        : one.kind === 'block'
          ? [
              `{"items":[${[...one.items, 1].join(',')}]}`,
              `{"items":[${one.items.slice(1).join(',')}]}`,
              `{"items":[${one.items.join(',')}],"failed":[{"index":0,"error":{"code":1,"message":""}}]}`,
              `{"items":[],"failed":[{"index":${one.items.length},"error":{"code":1,"message":""}}]}`,
              '{"items":[],"failed":[{"index":-1,"error":{"code":1,"message":""}}]}',
              '{"items":[],"failed":{"length":1}}',
              '{"failed":[]}',
              '{"items":null}',
              '{}',
              '[]',
              'null',
            ]
          : [
              smuggled(one.credit + 1, one.credit + 1),
              smuggled(1, 2),
              smuggled(2, 1),
              smuggled(2_000, 1),
              '{"items":[],"positions":[],"end":false}',
              '{"items":[1],"positions":[1]}',
              '{"items":[1],"end":true}',
              '{"positions":[],"end":true}',
              `{"items":[1],"positions":["${'x'.repeat(20_000)}"],"end":false}`,
              'null',
            ],
    ),
  'more than a result': ({ asked, random }) => {
    const { id } = random.pick(asked);
    return breach(
      random.pick([
        `{"jsonrpc":"2.0","id":${id},"result":1,"error":{"code":1,"message":""}}`,
        `{"jsonrpc":"2.0","id":${id}}`,
        `{"jsonrpc":"2.0","id":${id},"result":1,"more":2}`,
        `{"jsonrpc":"2.0","id":${id},"id":${id},"result":1}`,
        `{"jsonrpc":"2.0","id":${id},"result":1,"result":2}`,
        `{"jsonrpc":"2.0","id":${id},"result":1,"__proto__":{}}`,
        `{"jsonrpc":"1.0","id":${id},"result":1}`,
        `{"id":${id},"result":1}`,
        `{"jsonrpc":"2.0","id":${id},"result":1,"params":[]}`,
        `{"jsonrpc":"2.0","id":${id},"method":"fail","params":[]}`,
        `[{"jsonrpc":"2.0","id":${id},"result":1}]`,
      ]),
    );
  },
  'JSON that is none': ({ asked, random }) => {
    const one = random.pick(asked);
    const result = goodResult(one, 1);
    return breach(
      random.pick([
        frame(one.id, result).concat('}'),
        frame(one.id, result).concat(' x'),
        frame(one.id, result).concat('\u0000'),
        frame(one.id, `${result} //`),
        frame(one.id, `/**/${result}`),
        frame(one.id, result.replaceAll('"', "'")).replace(/^\{/, "{'x':1,"),
        frame(one.id, '[1,]'),
        frame(one.id, '[,1]'),
        frame(one.id, '{"a":1,}'),
        frame(one.id, '{a:1}'),
        frame(one.id, '.5'),
        frame(one.id, '+1'),
        frame(one.id, '01'),
        frame(one.id, '1.'),
        frame(one.id, 'NaN'),
        frame(one.id, '-Infinity'),
        frame(one.id, '"\t"'),
        frame(one.id, '"\\x41"'),
        frame(one.id, '"\\u12"'),
        frame(one.id, 'undefined'),
        `\ufeff${frame(one.id, result)}`,
        '',
        ' ',
        '{}',
        'null',
        '1',
        '""',
      ]),
    );
  },
  'values that do not fit': ({ asked, random }) => {
    const one = random.pick(asked);
    const wrong = random.pick([
      '1.0',
      '1e400',
      '-1e-400',
      '9'.repeat(1_001),
      '9'.repeat(100_000),
      '"12"',
      'null',
      '{"__proto__":1}',
      '"\\ud800"',
      '[[1]]',
      `${'['.repeat(300)}${']'.repeat(300)}`,
      `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
    ]);
    const result =
      one.kind === 'call'
        ? wrong
        : one.kind === 'block'
          ? `{"items":[${one.items.map(() => wrong).join(',')}]}`
          : `{"items":[${wrong}],"positions":[${one.from + 1}],"end":false}`;
    return { bytes: lines(frame(one.id, result)), effect: 'failures' };
  },
  'deeper than anything': ({ asked, random }) => {
    const deep = 10_001 + random.below(20_000);
    return breach(frame(random.pick(asked).id, `${'['.repeat(deep)}${']'.repeat(deep)}`));
  },
  'errors that are none': ({ asked, random }) =>
    breach(
      failure(
        random.pick(asked).id,
        random.pick([
          'null',
          '1',
          '"no"',
          '[]',
          '{}',
          '{"code":"1","message":"a"}',
          '{"code":1.5,"message":"a"}',
          '{"code":1e300,"message":"a"}',
          '{"code":1}',
          '{"code":1,"message":7}',
        ]),
      ),
    ),
  'errors of any size': ({ asked, random }) => {
    const data = random.pick([
      `{"stack":"${'x'.repeat(200_000)}"}`,
      '{"stack":7,"path":[],"hint":null}',
      '[1,2]',
      `"${'\\ud800'.repeat(100)}"`,
      '{"__proto__":{"stack":"x"}}',
    ]);
    const text = random.pick(['"\\ud800"', `"${'y'.repeat(70_000)}"`, '""']);
    const error = `{"code":-32000,"message":${text},"data":${data}}`;
    return { bytes: lines(failure(random.pick(asked).id, error)), effect: 'failures' };
  },
  'requests and foreign notifications': ({ random }) =>
    breach(
      random.pick([
        '{"jsonrpc":"2.0","id":1,"method":"shutdown","params":[]}',
        '{"jsonrpc":"2.0","id":"a","method":"$/log","params":{}}',
        notification('log', '{}'),
        notification('', '{}'),
        notification('$/log', 'null'),
        notification('$/log', '{"level":"loud","message":"a"}'),
        notification('$/log', '{"level":"info","message":1}'),
        notification('$/log', '{"level":"info","message":"a","fields":[]}'),
        notification('$/metric', '{"name":"","value":1}'),
        notification('$/metric', '{"name":"a","value":1e999}'),
        notification('$/metric', '{"name":"a","value":"1"}'),
        notification('$/metric', '{"name":"a","value":1,"labels":{"a":1}}'),
        notification('$/log', `{"level":"info","message":"${'x'.repeat(300_000)}"}`),
      ]),
    ),
  'a flood of notifications': ({ random }) => {
    const one = random.pick([
      notification('$/log', '{"level":"info","message":"a"}'),
      notification('$/log', `{"level":"warn","message":"\\ud800","fields":{"__proto__":{"a":1},"x":[[[]]]}}`),
      notification('$/metric', '{"name":"a","value":1}'),
      notification('$/other', '[]'),
    ]);
    return nothing(...Array.from({ length: 50 + random.below(200) }, () => one));
  },
  'smuggled frames': ({ asked, random, last }) => {
    const one = random.pick(asked);
    const inner = frame(last, '1').replaceAll('"', '\\"');
    return breach(
      random.pick([
        frame(one.id, `"${inner}\n"`),
        frame(one.id, `"${inner}\r\n${frame(last, '1')}`),
        frame(one.id, `{"items":[${'1,'.repeat(2_000)}1]}}\n${frame(last + 7, '1')}`),
      ]),
    );
  },
  'longer than the limit': ({ random, limit, asked }) => {
    // Now and then alone, since each costs what it is long.
    if (!random.chance(0.004)) return wrongSize(asked, random, limit);
    if (random.chance(0.5)) {
      const { id } = random.pick(asked.filter(({ kind }) => kind !== 'call')) ?? { id: 0 };
      const flood = '1,'.repeat(4_000_000);
      return random.chance(0.5)
        ? breach(frame(id, `{"items":[${flood}"x"],"positions":[${flood}1],"end":false}`))
        : breach(frame(id, `{"items":[${flood}1]}`));
    }
    return { bytes: Buffer.alloc(limit + 16 * 1024 * 1024 + 2, 0x20), effect: 'breach' };
  },
  'white space and escapes': ({ asked, random }) => {
    const one = random.pick(asked);
    const good = `{ "re\\u0073ult" : ${goodResult(one, 1)} , "\\u0069d" : ${one.id} , "jsonrpc" : "2\\u002e0" }\r`;
    return { bytes: lines(` ${good}`), effect: 'answer' };
  },
};

function smuggled(items: number, positions: number): string {
  const numbers = (count: number) => Array.from({ length: count }, (_, nth) => nth).join(',');
  return `{"items":[${numbers(items)}],"positions":[${numbers(positions)}],"end":false}`;
}

/** Longer than one message may be, in a frame that may be so long. */
function wrongSize(asked: readonly Asked[], random: Random, limit: number): HostileFrame {
  const one = random.pick(asked);
  const long = `"${'z'.repeat(limit)}"`;
  const result =
    one.kind === 'call'
      ? long
      : one.kind === 'block'
        ? `{"items":[${one.items.map((item, nth) => (nth === 0 ? long : item)).join(',')}]}`
        : `{"items":[${long}],"positions":[${one.from + 1}],"end":false}`;
  return { bytes: lines(frame(one.id, result)), effect: 'failures' };
}
