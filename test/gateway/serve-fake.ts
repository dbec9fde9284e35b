import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { socketPath } from '../../src/core/index.ts';
import { createGateway, type Gateway } from '../../src/gateway/gateway.ts';
import { createRoutes } from '../../src/gateway/routes.ts';
import { createInfo } from '../../src/gateway/supervisor-info.ts';
import { createFakeSupervisor, type FakeSupervisor } from './fake-supervisor.ts';

export const token = 'a-token-for-tests-of-32-characters-or-more';

export interface Served {
  readonly supervisor: FakeSupervisor;
  readonly gateway: Gateway;
  readonly folder: string;
  readonly socket: string;
  /** `http://127.0.0.1:PORT`, where each request needs the token. */
  readonly url: string;
  readonly defects: unknown[];
  close(): Promise<void>;
}

/** A gateway over a supervisor in memory, on a socket in a new state folder and on a free port. */
export async function serveFake(
  options: { readonly heartbeat?: number; readonly requestTimeout?: number } = {},
): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  const supervisor = createFakeSupervisor();
  const connections = {
    list: async () => [{ name: 'kafka', system: 'kafka', settings: {}, place: 'connections.yaml:1' }],
    test: async (name: string) => `${name} answers`,
  };
  const defects: unknown[] = [];
  const listens: string[] = [];
  let stopping = false;
  const routes = createRoutes({
    supervisor,
    connections,
    info: createInfo({ stateFolder: folder }, { supervisor }, listens),
    stop: async (how) => {
      stopping = true;
      await supervisor.close(how);
    },
    stopping: () => stopping,
    heartbeat: options.heartbeat ?? 15_000,
  });
  const gateway = createGateway({
    routes,
    onDefect: (error) => defects.push(error),
    requestTimeout: options.requestTimeout ?? 30_000,
  });
  listens.push(await gateway.listenUnix(socketPath(folder)));
  const url = await gateway.listenTcp({ host: '127.0.0.1', port: 0, loopback: true }, token);
  listens.push(url);
  return {
    supervisor,
    gateway,
    folder,
    socket: socketPath(folder),
    url,
    defects,
    async close() {
      await gateway.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every kind.
  readonly json: any;
}

export interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request, over a socket (a path) or TCP (`http://...`). A body that is a text or bytes goes as it is. */
export function ask(
  where: string,
  path: string,
  { method = 'GET', body, headers = {} }: Asked = {},
): Promise<Answer> {
  const target = where.startsWith('http')
    ? { host: new URL(where).hostname, port: new URL(where).port }
    : { socketPath: where };
  return new Promise((resolve, reject) => {
    const sent = request({ ...target, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers: answered } = response;
        const isJson = answered['content-type'] === 'application/json';
        resolve({ status, headers: answered, text, json: isJson ? JSON.parse(text) : undefined });
      });
    });
    sent.on('error', reject);
    sent.end(
      body === undefined || typeof body === 'string' || body instanceof Uint8Array
        ? body
        : JSON.stringify(body),
    );
  });
}
