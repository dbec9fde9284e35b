import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NstackError } from '../core/index.ts';

export interface LockOptions {
  /** Called each time that another process turns out to hold the lock. */
  readonly onWait: (pid: string) => void;
  readonly signal: AbortSignal;
}

/** A lock that is held, of one name. */
export interface HeldLock {
  readonly name: string;
  /** May be called again. */
  release(): Promise<void>;
}

/** Takes the lock of {@link withServiceLock}; undefined where another process holds it. */
export async function takeServiceLock(name: string): Promise<HeldLock | undefined> {
  const server = await listen(lockPath(name));
  if (server === undefined) return undefined;
  let released: Promise<void> | undefined;
  return {
    name,
    release() {
      released ??= close(server);
      return released;
    },
  };
}

/**
 * Runs `work` while no other process on this machine does so for the same name. The lock is a socket that its owner listens on: it
 * tells who asks which process that is, and the kernel frees it with the process, however that ends. Who waits holds a connection, and
 * its end is the news. One that is held already is released in the end.
 */
export async function withServiceLock<T>(
  name: string,
  options: LockOptions & { readonly held?: HeldLock | undefined },
  work: () => Promise<T>,
): Promise<T> {
  let lock = options.held?.name === name ? options.held : await takeServiceLock(name);
  while (lock === undefined) {
    await ownerGone(lockPath(name), options);
    options.signal.throwIfAborted();
    lock = await takeServiceLock(name);
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

interface LockServer {
  readonly server: Server;
  readonly waiting: Set<{ destroy(): void }>;
}

/** Linux has sockets without a file (a NUL byte first), which cannot be left behind. Elsewhere it is a file in the user's own temporary folder. */
function lockPath(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 24);
  const socket = `nstack-build-${process.getuid?.() ?? 0}-${digest}`;
  return process.platform === 'linux' ? `\0${socket}` : join(tmpdir(), socket);
}

/** Undefined where another process listens there already. */
function listen(path: string): Promise<LockServer | undefined> {
  const waiting = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.on('close', () => waiting.delete(socket)).on('error', () => socket.destroy());
    socket.write(String(process.pid));
  });
  const { promise, resolve, reject } = Promise.withResolvers<LockServer | undefined>();
  server.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') resolve(undefined);
    else
      reject(new NstackError('defect', `the build lock cannot be taken: ${error.message}`, { cause: error }));
  });
  server.listen(path, () => resolve({ server, waiting }));
  server.unref();
  return promise;
}

function close({ server, waiting }: LockServer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  for (const socket of waiting) socket.destroy();
  return promise;
}

/** Resolves when the owner's end of the connection closes, or when there is no owner any more. */
function ownerGone(path: string, { onWait, signal }: LockOptions): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connect(path);
  const onAbort = () => socket.destroy();
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) socket.destroy();
  socket.setEncoding('utf8').on('data', (pid: string) => onWait(pid));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    // Nobody listens at a file that is there: its process was killed.
    if (error.code === 'ECONNREFUSED' && !path.startsWith('\0')) rmSync(path, { force: true });
    socket.destroy();
  });
  socket.on('end', () => socket.destroy());
  socket.on('close', () => {
    signal.removeEventListener('abort', onAbort);
    resolve();
  });
  return promise;
}
