import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../support/free-port.ts';
import { makeFolder } from '../support.ts';
import { startSource } from './program.ts';
import { consume, openSource, post } from './support.ts';

const ndjson = { 'content-type': 'application/x-ndjson' };

describe('an HTTP source that stores', () => {
  const stored = (stateFolder: string) => ({
    durable: true,
    stateFolder,
    with: { acknowledge: 'stored' },
  });

  it('answers what nobody reads, and gives it after kill -9', async () => {
    const [runtimeFolder, stateFolder] = [await makeFolder(), await makeFolder()];
    const parameters = { path: 'demo', listen: 0, acknowledge: 'stored' };
    const program = startSource(parameters, { durable: true, stateFolder, commit: false, runtimeFolder });
    const url = await program.started;
    expect((await post(url, '{"a":\n1}')).status).toBe(202);
    const many = Array.from({ length: 50 }, (_, n) => post(url, String(n)));
    await Promise.all([post(url, '"x"\n\n"y"\n', ndjson), ...many]);
    await program.end('SIGKILL');

    const { source } = await openSource(stored(stateFolder));
    const { messages } = consume(source);
    await expect.poll(() => messages.length).toBe(53);
    expect(messages[0]).toEqual({ a: 1 });
    expect(new Set(messages.slice(1))).toEqual(new Set(['x', 'y', ...many.keys()]));
  });

  it('goes on behind what was committed, with what was not among it', async () => {
    const stateFolder = await makeFolder();
    const first = await openSource(stored(stateFolder));
    const reading = consume(first.source, { commit: false });
    await post(first.url, Array.from({ length: 1_000 }, (_, n) => n).join('\n'), ndjson);
    await expect.poll(() => reading.messages.length).toBe(1_000);
    await first.source.commit(reading.batches[1]?.position, '');
    await first.source.close();
    const second = await openSource(stored(stateFolder));
    const { messages } = consume(second.source);
    await post(second.url, '"new"');
    const given = (reading.batches[0]?.count ?? 0) + (reading.batches[1]?.count ?? 0);
    await expect.poll(() => messages.at(-1)).toBe('new');
    expect(messages).toEqual([...Array.from({ length: 1_000 - given }, (_, n) => n + given), 'new']);
  });

  it('keeps its log in parts, and removes those that are committed', async () => {
    const stateFolder = await makeFolder();
    const folder = join(stateFolder, 'http', '%2Fdemo');
    const segments = async () => (await readdir(folder)).filter((name) => name.endsWith('.ndjson'));
    const large = { ...stored(stateFolder), messageLimit: 2_000_000 };
    const first = await openSource(large);
    const text = 'x'.repeat(1_000_000);
    for (let n = 0; n < 20; n++) await post(first.url, `"${n}${text}"`);
    expect(await segments()).toHaveLength(2);
    const { messages } = consume(first.source);
    await expect.poll(() => messages.length).toBe(20);
    expect(messages.map((message) => Number(String(message).replaceAll('x', '')))).toEqual([
      ...Array(20).keys(),
    ]);
    await expect.poll(segments).toHaveLength(1);
    await first.source.close();
    const second = await openSource(large);
    const reading = consume(second.source);
    await post(second.url, '"new"');
    await expect.poll(() => reading.messages).toEqual(['new']);
  });

  it('takes a log that a crash left half, or whose commit was lost', async () => {
    const stateFolder = await makeFolder();
    const first = await openSource(stored(stateFolder));
    await post(first.url, '1');
    await first.source.close();
    const folder = join(stateFolder, 'http', '%2Fdemo');
    const [segment = ''] = (await readdir(folder)).filter((name) => name.endsWith('.ndjson'));
    await appendFile(join(folder, segment), '{"half":');
    await writeFile(join(folder, 'committed'), '');
    const second = await openSource(stored(stateFolder));
    const { messages } = consume(second.source);
    await post(second.url, '2');
    await expect.poll(() => messages).toEqual([1, 2]);
  });

  it.runIf(process.getuid?.() === 0)(
    'answers 507 when the disk is full, and takes what there is room for',
    async () => {
      const stateFolder = await makeFolder();
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', stateFolder]);
      onTestFinished(() => void execFileSync('umount', ['-l', stateFolder]));
      const { source, url } = await openSource(stored(stateFolder));
      const { messages } = consume(source);
      const large = await post(url, `"${'x'.repeat(300_000)}"`);
      expect([large.status, large.answer]).toEqual([
        507,
        { error: expect.stringContaining('no space is left') },
      ]);
      expect((await post(url, '2')).status).toBe(202);
      await expect.poll(() => messages).toEqual([2]);
    },
  );

  it('gives messages that do not fit a changed type as dead letters', async () => {
    const stateFolder = await makeFolder();
    const first = await openSource(stored(stateFolder));
    await post(first.url, '"one"');
    await first.source.close();
    const second = await openSource({ ...stored(stateFolder), type: { kind: 'integer' } });
    const { batches } = consume(second.source);
    await expect.poll(() => batches[0]?.rejected[0]?.message).toBe('expected Integer, found "one"');
  });
});

describe('HTTP sources of several workflows', () => {
  it('share an address, and whoever is left takes it over', async () => {
    const runtimeFolder = await makeFolder();
    const listen = await freePort();
    const start = (workflow: string, path = workflow) =>
      startSource({ path, listen }, { workflow, commit: true, runtimeFolder });
    const one = start('one');
    const first = await one.started;
    const [two, three] = [start('two'), start('three')];
    const second = await two.started;
    await three.started;
    expect([first, second]).toEqual([`http://127.0.0.1:${listen}/one`, `http://127.0.0.1:${listen}/two`]);
    for (const [url, message] of [
      [first, 1],
      [second, 2],
    ] as const)
      expect((await post(url, String(message))).answer).toEqual({ accepted: 1 });
    const large = `"${'x'.repeat(900_000)}"`;
    expect((await post(second, large)).status).toBe(200);
    expect((await post(second, '{')).status).toBe(400);
    await expect.poll(() => two.messages).toEqual([2, 900_000]);
    const other = await post(new URL('/four', first).href, '1');
    expect((other.answer as { paths: string[] }).paths.toSorted()).toEqual(['/one', '/three', '/two']);

    const taken = start('four', 'two');
    expect(await taken.started).toBe(
      `NstackError: http: /two on 127.0.0.1:${listen} is taken by the workflow two`,
    );

    for (const how of ['SIGKILL', 'SIGTERM'] as const) {
      await (how === 'SIGKILL' ? one : two).end(how);
      const left = new URL('/three', first).href;
      await expect
        .poll(() =>
          post(left, `"${how}"`).then(
            ({ status }) => status,
            () => 0,
          ),
        )
        .toBe(200);
    }
    await expect.poll(() => three.messages).toEqual(expect.arrayContaining(['SIGKILL', 'SIGTERM']));
    expect((await post(second, '1')).status).toBe(404);
  });

  it('survive what others say at the socket where they meet', async () => {
    const runtimeFolder = await makeFolder();
    const listen = await freePort();
    const host = startSource({ path: 'one', listen }, { workflow: 'one', commit: true, runtimeFolder });
    const url = await host.started;
    const folder = join(runtimeFolder, `nstack-http-${process.getuid?.()}`);
    const meeting = join(folder, `127.0.0.1-${listen}.sock`);
    const registration = JSON.stringify({ path: '/x', server: join(folder, 'none.sock'), workflow: 'x' });
    for (const said of ['no JSON\n', '{}\n', 'x'.repeat(100_000), `${registration}\n`.repeat(1_000)]) {
      const socket = connect(meeting).on('error', () => {});
      await once(socket, 'connect');
      await new Promise((resolve) => socket.write(said, resolve));
      // With an answer that nobody reads.
      socket.destroy();
    }
    expect((await post(url, '1')).answer).toEqual({ accepted: 1 });
    await expect.poll(() => host.messages).toEqual([1]);
  });

  it('leave an address free where they cannot meet, and say why', async () => {
    const runtimeFolder = join(await makeFolder(), 'x'.repeat(100));
    await mkdir(runtimeFolder);
    const program = startSource({ path: 'one', listen: await freePort() }, { commit: true, runtimeFolder });
    expect(await program.started).toMatch(/^NstackError: http: no socket can be made at .*\.sock: /);
    if (program.child.exitCode === null) await once(program.child, 'exit');
    expect(program.child.exitCode).toBe(1);
  });

  it('say which program has an address that is taken', async () => {
    const server: Server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const program = startSource(
      { path: 'demo', listen: port },
      { commit: true, runtimeFolder: await makeFolder() },
    );
    expect(await program.started).toMatch(
      new RegExp(`^NstackError: http: 127\\.0\\.0\\.1:${port} is in use by .+ \\(process ${process.pid}\\)$`),
    );
  });
});
