import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { NstackError } from '../../core/index.ts';
import { firstLine } from './first-line.ts';
import { listen, type Route } from './listener.ts';
import { createProxy } from './proxy.ts';
import { socketName } from './shared-folder.ts';
import type { ListenAddress } from './source-settings.ts';

/*
 * How workflows share an address. The first that comes, the host, listens there, and has a Unix socket where the others of the same user, its guests, register: each
 * on a connection that lasts as long as it wants requests, with its path and the Unix socket of its own server. When the host goes, the connections end.
 *
 *     guest: {"path":"/b","server":"/run/user/1000/nstack-http-1000/4f2a.sock","workflow":"two","shown":true}
 *     host:  {"url":"http://127.0.0.1:8787"}  or  {"taken":"one"}, the workflow that has the path
 */

export interface ShareOptions {
  readonly address: ListenAddress;
  readonly path: string;
  readonly route: Route;
  readonly workflow: string;
  log(line: string): void;
}

export interface Role {
  readonly url: string;
  /** Resolves when the role is over, by `close` or because the host has gone. */
  readonly lost: Promise<void>;
  close(grace: number): Promise<void>;
}

interface Registration {
  readonly path: string;
  readonly server: string;
  readonly workflow: string;
  readonly shown: boolean;
}

type Answer = { readonly url: string } | { readonly taken: string };

/** Undefined where the address is in use. */
export async function becomeHost(options: ShareOptions, folder: string): Promise<Role | undefined> {
  const { address, path, route, workflow, log } = options;
  const routes = new Map<string, Route & { readonly workflow: string }>([[path, { ...route, workflow }]]);
  const listener = await listen(address, routes, (error) => log(trouble(error))).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') return undefined;
      throw cannotListen(address, error);
    },
  );
  if (listener === undefined) return undefined;
  const guests = new Set<Socket>();
  const meeting = createServer((socket) => {
    guests.add(socket);
    let registered: string | undefined;
    socket.on('error', () => {});
    void firstLine(socket).then((line) => {
      const guest = readRegistration(line);
      if (guest === undefined || socket.destroyed) return void socket.destroy();
      const owner = routes.get(guest.path)?.workflow;
      const answer: Answer = owner === undefined ? { url: listener.url } : { taken: owner };
      if (owner === undefined) {
        registered = guest.path;
        routes.set(guest.path, {
          handle: createProxy(guest.server),
          shown: guest.shown,
          workflow: guest.workflow,
        });
      }
      socket.write(`${JSON.stringify(answer)}\n`);
    });
    socket.once('close', () => {
      guests.delete(socket);
      if (registered !== undefined) routes.delete(registered);
    });
  });
  if (address.port !== 0) {
    // Left by a host that was killed: the address is ours, so nobody else's socket can be there.
    const socketPath = meetingPath(options, folder);
    await rm(socketPath, { force: true });
    try {
      await once(meeting.listen(socketPath), 'listening');
    } catch (error) {
      await listener.close(0);
      throw cannotMeet(socketPath, error);
    }
  }
  const lost = Promise.withResolvers<void>();
  return {
    url: listener.url,
    lost: lost.promise,
    async close(grace) {
      lost.resolve();
      meeting.close();
      for (const guest of guests) guest.destroy();
      await listener.close(grace);
    },
  };
}

/** Undefined where there is no host; the name of the workflow that has the path, where one has. */
export async function becomeGuest(options: ShareOptions, folder: string): Promise<Role | string | undefined> {
  const { path, route, workflow, log } = options;
  const socket = createConnection(meetingPath(options, folder));
  const lost = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const connected = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  if (!connected) return undefined;
  socket.on('error', () => {});
  const server = join(folder, socketName(process.pid, randomBytes(4).toString('hex')));
  const listener = await listen({ path: server }, new Map([[path, route]]), (error) =>
    log(trouble(error)),
  ).catch((error: unknown) => {
    socket.destroy();
    throw cannotMeet(server, error);
  });
  const registration: Registration = { path, server, workflow, shown: route.shown };
  socket.write(`${JSON.stringify(registration)}\n`);
  const line = await firstLine(socket);
  const answer = line === undefined ? undefined : (JSON.parse(line) as Answer);
  if (answer === undefined || 'taken' in answer) {
    socket.destroy();
    await listener.close(0);
    return answer?.taken;
  }
  return {
    url: answer.url,
    lost,
    async close(grace) {
      socket.destroy();
      await listener.close(grace);
    },
  };
}

/** Undefined for what no guest says. */
function readRegistration(line: string | undefined): Registration | undefined {
  try {
    const said = JSON.parse(line ?? '') as Partial<Registration>;
    return typeof said.path === 'string' && typeof said.server === 'string'
      ? (said as Registration)
      : undefined;
  } catch {
    return undefined;
  }
}

const trouble = ({ message }: Error) => `http: a connection could not be taken: ${message}`;

function cannotMeet(socketPath: string, cause: unknown): NstackError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new NstackError('connector-invalid', `http: no socket can be made at ${socketPath}: ${reason}`, {
    hint: 'Set XDG_RUNTIME_DIR to a folder of your own with a short path.',
    cause,
  });
}

function cannotListen({ host, port }: ListenAddress, cause: NodeJS.ErrnoException): NstackError {
  const reason = reasons[cause.code ?? ''] ?? cause.message;
  const code = cause.code === 'EACCES' ? 'permission' : 'connector-invalid';
  return new NstackError(code, `http: cannot listen on ${host}:${port}: ${reason}`, {
    hint: 'Name an address of this machine and a port from 1024 on: listen = "127.0.0.1:8787".',
    cause,
  });
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'there is no such host',
};

function meetingPath({ address: { host, port } }: ShareOptions, folder: string): string {
  return join(folder, `${host.replaceAll(/[^\w.-]/g, '_')}-${port}.sock`);
}
