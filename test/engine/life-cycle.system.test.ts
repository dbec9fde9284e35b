import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ContainerEngine, Instance } from '../../src/engine/index.ts';
import { patience, runShell, shellService, startShell, testEngine } from '../support/engine.ts';
import { containersOf } from '../support/nstack.ts';

describe.each(['pipes', 'attach'] as const)('an instance over %s', (transport) => {
  let engine: ContainerEngine;
  beforeAll(async () => {
    engine = await testEngine({ transport });
  });

  test('answers on stdout what it got on stdin, byte for byte', async () => {
    const instance = await startShell(engine, 'exec cat');
    const bytes = Buffer.alloc(
      3_000_000,
      Uint8Array.from({ length: 251 }, (_, i) => i),
    );
    const answer = collect(instance);
    instance.input.end(bytes);
    expect((await answer).equals(bytes)).toBe(true);
    expect(await instance.exited).toEqual({ code: 0, outOfMemory: false });
  });

  test('writes its stderr to the log and nothing of it to stdout', async () => {
    const { output, log, code } = await runShell(engine, 'echo grüße >&2; echo data; exit 3');
    expect({ output, log, code }).toEqual({ output: 'data\n', log: 'grüße\n', code: 3 });
  });

  test('that dies is seen by the end of its output', async () => {
    const instance = await startShell(engine, 'echo ready; exec sleep 1000');
    await once(instance.output, 'data');
    instance.settled();
    instance.output.resume();
    const end = once(instance.output, 'end');
    await instance.kill();
    await end;
    expect(await instance.exited).toEqual({ code: 137, outOfMemory: false });
  });

  test('that dies before it is settled is seen too', async () => {
    const instance = await startShell(engine, 'exit 7');
    expect(await text(instance.output)).toBe('');
    expect((await instance.exited).code).toBe(7);
  });

  test('that is gone fails what is written to it', async () => {
    const instance = await startShell(engine, 'echo ready; read line; exit 0');
    await once(instance.output, 'data');
    instance.settled();
    instance.output.resume();
    const closed = new Promise((resolve) => instance.input.once('close', resolve));
    instance.input.write('go\n');
    await instance.exited;
    instance.input.write('too late\n');
    await closed;
    expect(instance.input.errored).not.toBe(null);
  });

  test('that does not read holds up the writer', async () => {
    const instance = await startShell(engine, 'echo ready; read line; exec cat >/dev/null');
    await once(instance.output, 'data');
    const piece = Buffer.alloc(1_000_000, 'a');
    let taken = 0;
    const write = () => instance.input.write(piece, () => taken++);
    const pieces = 16;
    for (let i = 0; i < pieces; i++) write();
    // The reading end says nothing of what it leaves unread, but a round trip beside it takes longer than filling the pipe.
    await runShell(engine, 'true');
    expect(taken).toBeLessThan(pieces);
    await instance.kill();
  });

  test('that closes its stdout alone is seen as the end of output while it runs', async () => {
    const instance = await startShell(
      engine,
      'echo ready; exec >&-; echo closed >&2; read line; echo got $line >&2',
    );
    const log = text(instance.log);
    await once(instance.output, 'data');
    instance.settled();
    instance.output.resume();
    if (transport === 'pipes') await once(instance.output, 'end');
    instance.input.write('word\n');
    expect(await log).toBe('closed\ngot word\n');
  });

  test('is killed by kill, once and again, and removed by remove, once and again', async () => {
    const instance = await startShell(engine, 'echo ready; exec sleep 1000', {
      service: `Killed-${transport}`,
    });
    await once(instance.output, 'data');
    await instance.kill();
    expect((await instance.exited).code).toBe(137);
    await instance.kill();
    await Promise.all([instance.remove(), instance.remove()]);
    await instance.remove();
    expect(await containersOf(`Killed-${transport}`)).toEqual([]);
  });

  test('is removed while it runs, which ends all its streams', async () => {
    const instance = await startShell(engine, 'trap "" TERM; while :; do sleep 1; done');
    const ends = Promise.all([text(instance.output), text(instance.log)]);
    await instance.remove();
    expect(await ends).toEqual(['', '']);
    expect(await instance.exited).toMatchObject({ outOfMemory: false });
  });

  test('whose program is not there ends with code 127 and says so in the log', async () => {
    const instance = await startShell(engine, '', {
      entrypoint: ['/no/such/program'],
      service: `Missing`,
    }).catch((error: unknown) => error);
    // By attach the engine itself executes the program and refuses; over pipes a shell does.
    if (transport === 'attach') {
      expect(instance).toMatchObject({
        code: 'service-failed',
        message: expect.stringContaining('/no/such/program'),
      });
      expect(await containersOf('Missing')).toEqual([]);
    } else {
      const { log, exited } = instance as Instance;
      expect(await text(log)).toContain('/no/such/program: not found');
      expect((await exited).code).toBe(127);
    }
  });

  test('gets the environment it is given beside that of its image', async () => {
    const env = { GREETING: 'a "quoted" $word' };
    const { output } = await runShell(engine, 'echo "$GREETING"; echo "$PATH"', { env });
    expect(output).toMatch(/^a "quoted" \$word\n\/.*bin/);
  });

  test('of an image that is not there is refused, and nothing stays behind', async () => {
    const start = engine.startInstance(
      shellService('true', { image: 'nstack/none:0.0.0', service: 'Absent' }),
      patience(),
    );
    await expect(start).rejects.toMatchObject({
      code: 'service-unknown',
      hint: expect.stringContaining('nstack build'),
    });
    expect(await containersOf('Absent')).toEqual([]);
  });

  test('lives on when the signal of its start says stop after it has started', async () => {
    const start = new AbortController();
    const instance = await engine.startInstance(shellService('echo ready >&2; exec cat'), start.signal);
    onTestFinished(() => instance.remove());
    const log = text(instance.log);
    start.abort();
    // A service that has not opened its pipe yet would wait for one who writes, and there would be nobody.
    const answer = collect(instance, () => instance.input.end());
    instance.input.write('still there\n');
    expect((await answer).toString()).toBe('still there\n');
    expect(await log).toBe('ready\n');
  });

  test('whose start is interrupted leaves nothing behind', async () => {
    const folders = await instanceFolders();
    for (const delay of [0, 10, 20, 30, 60, 90, 120, 160, 200, 240]) {
      const started = engine
        .startInstance(shellService('exec cat', { service: 'Interrupted' }), AbortSignal.timeout(delay))
        .then((instance) => instance.remove());
      await started.catch((error: unknown) =>
        expect(error).toMatchObject({ code: expect.stringMatching(/^(timeout|interrupted)$/) }),
      );
    }
    expect(await containersOf('Interrupted')).toEqual([]);
    expect(await instanceFolders()).toEqual(folders);
  });
});

test('a local engine gets pipes, which the container sees read-only and cannot replace', async () => {
  const engine = await testEngine();
  const script = `cd /run/nstack; test -p in && test -p out && id -u; for try in 'rm in' 'mv in gone' 'touch new' 'mkfifo new' 'ln -sf /dev/null out' 'chmod 0 in'
    do $try 2>/dev/null && echo "could $try"; done; true`;
  const { output } = await runShell(engine, script);
  expect(output).toBe('65532\n');
});

/** All that it writes; its first answer shows that it has its pipes. */
async function collect(instance: Instance, onAnswer = () => {}): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of instance.output) {
    if (chunks.push(chunk) > 1) continue;
    instance.settled();
    onAnswer();
  }
  return Buffer.concat(chunks);
}

async function instanceFolders(): Promise<readonly string[]> {
  const { XDG_RUNTIME_DIR } = process.env;
  const runtime = XDG_RUNTIME_DIR ? `${XDG_RUNTIME_DIR}/nstack` : `/run/nstack-${process.getuid?.()}`;
  const names = await readdir(runtime).catch(() => []);
  return names.filter((name) => name.includes(`.${process.pid}.`)).sort();
}
