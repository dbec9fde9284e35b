import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { connectRegistry, type OciRegistry, type RegistryOptions } from '../../../../src/registry/index.ts';
import { patience } from '../../../support/engine.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse, host: string) => void;

/** A registry that behaves as a test wants it to, on a free port of this machine; answers its address. */
export async function ownRegistry(answer: Answer): Promise<string> {
  const server = createServer((request, response) => answer(request, response, host));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return host;
}

/** A client that loses no time between its tries. */
export function hurried(host: string, options: Partial<RegistryOptions> = {}): OciRegistry {
  return connectRegistry(host, {
    signal: patience(),
    env: { DOCKER_CONFIG: '/nowhere' },
    pauses: { first: 1, longest: 1 },
    silence: 500,
    ...options,
  });
}

/** The same, of a registry of the test's own. */
export async function clientOf(answer: Answer, options: Partial<RegistryOptions> = {}): Promise<OciRegistry> {
  return hurried(await ownRegistry(answer), options);
}
