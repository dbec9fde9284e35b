import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** A socket that leads to the engine's own, and the first line of every request that went through it. */
export async function recordedEngine(): Promise<{ readonly host: string; readonly requests: string[] }> {
  const requests: string[] = [];
  const path = join(await temporaryFolder(), 'engine.sock');
  const server = createServer((client) => {
    const engine = connect('/var/run/docker.sock');
    client.on('data', (chunk) => {
      const [, line] = /^((?:GET|HEAD|POST|PUT|DELETE) \S+) HTTP/.exec(chunk.toString('latin1')) ?? [];
      if (line !== undefined) requests.push(decodeURIComponent(line));
    });
    client.pipe(engine).pipe(client);
    for (const socket of [client, engine])
      socket.on('error', () => [client, engine].map((one) => one.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  return { host: `unix://${path}`, requests };
}
