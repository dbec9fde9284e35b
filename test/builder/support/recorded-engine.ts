import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** What stands among the requests where all layers of an image have gone to the engine. */
export const imageSent = 'an image to load';

/** A socket that leads to the engine's own, and the first line of every request that went through it. */
export interface RecordedEngine {
  /** For DOCKER_HOST. */
  readonly host: string;
  readonly requests: string[];
  /** Connections that are open. */
  open(): number;
  /** Ends them. */
  cut(): void;
}

export async function recordedEngine(): Promise<RecordedEngine> {
  const requests: string[] = [];
  const clients = new Set<Socket>();
  const path = join(await temporaryFolder(), 'engine.sock');
  const server = createServer((client) => {
    const engine = connect('/var/run/docker.sock');
    clients.add(client);
    client.once('close', () => clients.delete(client));
    client.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      const [, line] = /^((?:GET|HEAD|POST|PUT|DELETE) \S+) HTTP/.exec(text) ?? [];
      if (line !== undefined) requests.push(decodeURIComponent(line));
      if (text.includes('manifest.json\0')) requests.push(imageSent);
    });
    client.pipe(engine).pipe(client);
    for (const socket of [client, engine])
      socket.on('error', () => [client, engine].map((one) => one.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  return {
    host: `unix://${path}`,
    requests,
    open: () => clients.size,
    cut() {
      for (const client of clients) client.destroy();
    },
  };
}
