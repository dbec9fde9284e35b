import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createStdoutConnector } from '../../../src/connectors/stdout/stdout.ts';
import { batchOf } from '../conformance/sink-conformance.ts';
import { contextOf, failureOf } from '../support.ts';

async function openOn(stream: Writable) {
  const sink = await createStdoutConnector(() => stream).sink?.open(contextOf('/', '-'));
  if (sink === undefined) throw new Error('no stdout sink');
  return sink;
}

describe('stdout as a sink', () => {
  it('has enough when its reader goes, and confirms what comes after', async () => {
    const reader = spawn('head', ['-n', '1']);
    const sink = await openOn(reader.stdin);
    let enough = false;
    const told = sink.enough?.then(() => {
      enough = true;
    });
    const line = `"${'x'.repeat(50_000)}"`;
    for (let count = 0; count < 10_000 && !enough; count++) await sink.write(batchOf([line]));
    await told;
    await sink.write(batchOf(['1']));
    await sink.finish('stopped');
    const [code] = await once(reader, 'close');
    expect(code).toBe(0);
  });

  it('does not confirm what its reader has not taken', async () => {
    const taken: (() => void)[] = [];
    const sink = await openOn(new Writable({ write: (_bytes, _encoding, done) => void taken.push(done) }));
    let confirmed = false;
    const write = sink.write(batchOf(['1'])).then(() => {
      confirmed = true;
    });
    await new Promise(setImmediate);
    expect(confirmed).toBe(false);
    taken[0]?.();
    await write;
    expect(confirmed).toBe(true);
  });

  it('fails with what the system says', async () => {
    const broken = new Writable({
      write: (_bytes, _encoding, done) => done(Object.assign(new Error('EIO'), { code: 'EIO' })),
    });
    const sink = await openOn(broken);
    const error = await failureOf(sink.write(batchOf(['1'])));
    expect(error.message).toBe('cannot write stdout: EIO');
    expect((await failureOf(sink.write(batchOf(['1'])))).message).toBe('cannot write stdout: EIO');
  });
});
