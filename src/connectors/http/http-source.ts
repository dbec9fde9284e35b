import { join } from 'node:path';
import type { OpenContext, Source, SourceBatch } from '../connector.ts';
import { printToStderr } from '../records/print-to-stderr.ts';
import type { Inbox } from './inbox.ts';
import { createMemoryInbox } from './memory-inbox.ts';
import { createReceiver } from './receiver.ts';
import { shareListener } from './shared-listener.ts';
import type { SourceSettings } from './source-settings.ts';
import { openStoredInbox } from './stored-inbox.ts';

/** How long answers may take to leave once the source is closed, in milliseconds. */
const grace = 2_000;

/**
 * A source of what is posted to a path. When it ends, new requests are turned away while those whose messages were handed out wait for
 * their commit; the connections are dropped when it is closed. Messages that do not fit are answered, and are no dead letters.
 */
export async function createHttpSource(settings: SourceSettings, context: OpenContext): Promise<Source> {
  const { log = printToStderr, rows = Number.POSITIVE_INFINITY, workflow } = context;
  const inbox = await openInbox(settings, context, rows, log);
  const receiver = createReceiver(settings, context, inbox);
  const { path, listen: address, token } = settings;
  const route = { handle: receiver.handle, shown: token === undefined };
  const listener = await shareListener({ address, path, route, workflow, log }).catch(
    async (error: unknown) => {
      inbox.end();
      await inbox.close();
      throw error;
    },
  );
  log(`messages are taken at ${listener.url}${path}`);
  if (token === undefined && !isOwnMachine(address.host))
    log(`http: no token is set: whoever reaches ${address.host}:${address.port} may send to ${path}`);
  let closing: Promise<void> | undefined;

  function end(): void {
    receiver.end();
    inbox.end();
  }

  async function* read(signal: AbortSignal): AsyncGenerator<SourceBatch, void, undefined> {
    signal.addEventListener('abort', end, { once: true });
    try {
      if (!signal.aborted) yield* inbox.batches();
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }

  async function close(): Promise<void> {
    end();
    await inbox.close();
    await listener.close(grace);
  }

  return {
    read,
    commit: (position) => inbox.commit(position),
    close() {
      closing ??= close();
      return closing;
    },
    progress: () => ({
      unit: 'messages',
      done: inbox.done,
      total: rows === Number.POSITIVE_INFINITY ? undefined : rows,
    }),
  };
}

async function openInbox(
  { acknowledge, path }: SourceSettings,
  { stateFolder, type, messageLimit }: OpenContext,
  rows: number,
  log: (line: string) => void,
): Promise<Inbox> {
  if (acknowledge === 'delivered' || stateFolder === undefined) return createMemoryInbox(rows);
  const folder = join(stateFolder, 'http', encodeURIComponent(path));
  return openStoredInbox({ folder, type, limit: messageLimit, rows, log });
}

function isOwnMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
