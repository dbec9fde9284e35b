import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openLineAppender } from '../../../src/connectors/records/line-appender.ts';
import { describeDurableSink } from '../conformance/durable-sink-conformance.ts';
import { batchOf } from '../conformance/sink-conformance.ts';
import { contextOf, failureOf, makeFolder, openFileSink } from '../support.ts';

/** A small disk is a file system of its own, which takes rights. */
const mayMount = process.getuid?.() === 0;
const linesIn = async (path: string) => (await readFile(path, 'utf8')).split('\n').slice(0, -1);

describeDurableSink({
  name: 'file',
  async make() {
    const folder = await makeFolder();
    return {
      open: () => openFileSink(contextOf(folder, 'a/out.ndjson', { durable: true })),
      messages: () => linesIn(join(folder, 'a/out.ndjson')),
    };
  },
});

describe('a durable file as a sink', () => {
  it('has every line that it confirmed, and no half one, after kill -9', async () => {
    const folder = await makeFolder();
    const target = join(folder, 'out.ndjson');
    const program = new URL('./append-until-killed.ts', import.meta.url).pathname;
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, [program, target], { stdio: ['ignore', 'pipe', 'inherit'] });
      let confirmed = -1;
      for await (const line of createInterface({ input: child.stdout })) {
        confirmed = Number(line);
        if (confirmed === 20) child.kill('SIGKILL');
      }
      await (child.exitCode ?? child.signalCode ?? once(child, 'exit'));
      const sink = await openFileSink(contextOf(folder, 'out.ndjson', { durable: true, log: () => {} }));
      await sink.abandon();
      const numbers = (await linesIn(target)).map((line) => (JSON.parse(line) as { n: number }).n);
      expect(numbers.length).toBeGreaterThanOrEqual(confirmed + 1);
      expect(numbers).toEqual(numbers.map((_, n) => n));
      await rm(target);
    }
  });

  it('cuts off a last line that a crash left half, and says so', async () => {
    const folder = await makeFolder({ 'out.ndjson': `1\n${'x'.repeat(200_000)}` });
    const said: string[] = [];
    const context = contextOf(folder, 'out.ndjson', { durable: true, log: (line) => said.push(line) });
    const sink = await openFileSink(context);
    await sink.write(batchOf(['2']));
    await sink.finish('complete');
    expect(await linesIn(join(folder, 'out.ndjson'))).toEqual(['1', '2']);
    expect(said).toEqual(['out.ndjson: cut off 200000 bytes of a last line that was not whole']);
  });

  it('lets writes that come during a sync share the next', async () => {
    const folder = await makeFolder();
    const sink = await openFileSink(contextOf(folder, 'out.ndjson', { durable: true }));
    const order: number[] = [];
    const first = sink.write(batchOf(['0'])).then(() => order.push(0));
    const others = Array.from({ length: 500 }, (_, n) =>
      sink.write(batchOf([String(n + 1)])).then(() => order.push(n + 1)),
    );
    await first;
    const confirmedThen = order.length;
    await Promise.all(others);
    expect(confirmedThen).toBe(1);
    expect(order).toEqual(Array.from({ length: 501 }, (_, n) => n));
    await sink.finish('complete');
  });

  describe('that rests after much', () => {
    const much = `"${'x'.repeat(100_000)}"`;

    /** It would rest for an hour after the first line, which is on the disk. */
    async function openResting() {
      const target = join(await makeFolder(), 'out.ndjson');
      const options = { shown: 'out.ndjson', whenFull: 'wait', log: () => {}, rest: 3_600_000 } as const;
      const appender = await openLineAppender(target, options);
      await appender.append(Buffer.from(`${much}\n`));
      return { target, appender };
    }

    it('writes at once when several wait', async () => {
      const { target, appender } = await openResting();
      await Promise.all(
        ['1', '2', '3', '4', '5', '6'].map((line) => appender.append(Buffer.from(`${line}\n`))),
      );
      await appender.append(Buffer.from('7\n'));
      await appender.close();
      expect(await linesIn(target)).toEqual([much, '1', '2', '3', '4', '5', '6', '7']);
    });

    it('writes what waits when it is closed', async () => {
      const { target, appender } = await openResting();
      const last = appender.append(Buffer.from('1\n'));
      await appender.close();
      await last;
      expect(await linesIn(target)).toEqual([much, '1']);
    });

    it('gives up what waits when it is abandoned', async () => {
      const { target, appender } = await openResting();
      const failure = failureOf(appender.append(Buffer.from('1\n')));
      await appender.abandon();
      expect((await failure).message).toBe('the workflow ended before out.ndjson was written');
      expect(await linesIn(target)).toEqual([much]);
    });
  });

  it.runIf(mayMount)('waits for a full disk, says so, and loses nothing', async () => {
    const folder = await mountSmallDisk('256k');
    const filler = join(folder, 'filler');
    const target = join(folder, 'out.ndjson');
    const said: string[] = [];
    const sink = await openLineAppender(target, {
      shown: 'out.ndjson',
      whenFull: 'wait',
      log: (line) => said.push(line),
      pauses: { first: 20, longest: 100 },
    });
    await sink.append(Buffer.from('1\n'));
    await writeFile(filler, Buffer.alloc(200_000));
    const long = sink.append(Buffer.from(`"${'x'.repeat(100_000)}"\n`));
    const after = sink.append(Buffer.from('3\n'));
    await expect.poll(() => said.length).toBeGreaterThan(2);
    expect(said[0]).toBe('cannot write out.ndjson: no space is left on the disk; trying again in 1 s');
    expect((await stat(target)).size).toBe(2);
    await rm(filler);
    await Promise.all([long, after]);
    await sink.close();
    expect((await linesIn(target)).map((line) => line.length)).toEqual([1, 100_002, 1]);
    expect(said.at(-1)).toBe('out.ndjson: there is space again, writing goes on');
  });

  it.runIf(mayMount)(
    'gives up what waits for a full disk when the run is abandoned, and leaves no half line',
    async () => {
      const folder = await mountSmallDisk('64k');
      const context = contextOf(folder, 'out.ndjson', { durable: true, log: () => {} });
      const sink = await openFileSink(context);
      await sink.write(batchOf(['1']));
      const failure = failureOf(Promise.resolve(sink.write(batchOf([`"${'x'.repeat(100_000)}"`]))));
      await sink.abandon();
      expect((await failure).message).toBe('the workflow ended before out.ndjson was written');
      expect(await readFile(join(folder, 'out.ndjson'), 'utf8')).toBe('1\n');
    },
  );
});

/** A tmpfs of its own for one test. */
async function mountSmallDisk(size: string): Promise<string> {
  const folder = await makeFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}
