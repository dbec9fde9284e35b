import { setTimeout as delay } from 'node:timers/promises';
import type {
  ConnectionInfoWords,
  DeadLetterInfo,
  HistoryEntry,
  LogEntry,
  SupervisorEvent,
  SupervisorInfo,
  TraceRecord,
  WorkflowInfo,
  WorkflowRequest,
} from '../workflow/index.ts';
import { readEvents } from './read-events.ts';
import type { SupervisorAddress } from './supervisor-address.ts';
import { createConnection } from './supervisor-connection.ts';

/**
 * A supervisor, asked over its API: a method a call. Each rejects with the NstackError that the supervisor answers, with `supervisor-unavailable`
 * where none answers, and with the reason of the client's signal once that is aborted.
 */
export interface SupervisorClient {
  /** Where it is, for people: `unix:/...` or `http://...`. */
  readonly address: string;
  info(): Promise<SupervisorInfo>;
  /** Resolves when its workflows have ended and it does not answer any more. */
  stopSupervisor(how: { readonly now: boolean }): Promise<void>;
  list(): Promise<readonly WorkflowInfo[]>;
  define(request: WorkflowRequest): Promise<WorkflowInfo>;
  /** Resolves when it carries messages. */
  start(what: { readonly name: string } | WorkflowRequest): Promise<WorkflowInfo>;
  get(name: string): Promise<WorkflowInfo>;
  remove(name: string): Promise<void>;
  stop(name: string, how: { readonly now: boolean }): Promise<WorkflowInfo>;
  pause(name: string): Promise<WorkflowInfo>;
  resume(name: string): Promise<WorkflowInfo>;
  history(name: string, most?: number): Promise<readonly HistoryEntry[]>;
  logs(name: string, most?: number): Promise<readonly LogEntry[]>;
  /** The last batches whose way was noted. */
  traces(name: string, most?: number): Promise<readonly TraceRecord[]>;
  readonly deadLetters: {
    /** In the order of their ids, a page at a time, until there are no more or `most` were given. */
    list(
      name: string,
      options?: { readonly after?: number; readonly most?: number },
    ): AsyncIterable<DeadLetterInfo>;
    get(name: string, id: number): Promise<DeadLetterInfo>;
    /** `ids` undefined: all. */
    replay(
      name: string,
      ids: readonly number[] | undefined,
    ): Promise<{ readonly replayed: number; readonly failed: number }>;
    drop(name: string, ids: readonly number[] | undefined): Promise<number>;
  };
  connections(): Promise<readonly ConnectionInfoWords[]>;
  /** What is there, in one line. */
  testConnection(name: string): Promise<string>;
  /**
   * What happens from now on, after the present state of every workflow (or of the one). Ends when the supervisor ends in order, and fails where it is gone otherwise;
   * asking again is the caller's choice.
   */
  events(options?: { readonly workflow?: string }): AsyncIterableIterator<SupervisorEvent>;
  close(): void;
}

/** Milliseconds for calls that only look. */
const lookTimeout = 30_000;
const lettersAPage = 1_000;

export function createClient(address: SupervisorAddress, signal?: AbortSignal): SupervisorClient {
  const connection = createConnection(address, signal);
  const look = async <T>(path: string) => (await connection.call('GET', path, { timeout: lookTimeout })) as T;
  const change = async <T>(method: 'PUT' | 'POST' | 'DELETE', path: string, body?: object) =>
    (await connection.call(method, path, body === undefined ? {} : { body })) as T;
  const at = (name: string, what = '') => `/v1/workflows/${encodeURIComponent(name)}${what}`;
  const letters = (ids: readonly number[] | undefined) => (ids === undefined ? {} : { ids });

  async function* listLetters(name: string, { after = 0, most = Number.POSITIVE_INFINITY } = {}) {
    let last = after;
    let left = most;
    while (left > 0) {
      const query = `?after=${last}&most=${Math.min(left, lettersAPage)}`;
      const page = await look<readonly DeadLetterInfo[]>(at(name, `/dead-letters${query}`));
      if (page.length === 0) return;
      yield* page;
      last = page.at(-1)?.id ?? last;
      left -= page.length;
    }
  }

  const pidOf = () =>
    look<SupervisorInfo>('/v1').then(
      ({ pid }) => pid,
      () => undefined,
    );

  return {
    address: address.shown,
    info: () => look('/v1'),
    async stopSupervisor(how) {
      const { pid } = await look<SupervisorInfo>('/v1');
      await change('POST', '/v1/stop', how);
      while ((await pidOf()) === pid) await delay(10);
    },
    list: () => look('/v1/workflows'),
    define: (request) => change('PUT', '/v1/workflows', request),
    start: (what) => change('POST', '/v1/start', what),
    get: (name) => look(at(name)),
    async remove(name) {
      await change('DELETE', at(name));
    },
    stop: (name, how) => change('POST', at(name, '/stop'), how),
    pause: (name) => change('POST', at(name, '/pause')),
    resume: (name) => change('POST', at(name, '/resume')),
    history: (name, most = 100) => look(at(name, `/history?most=${most}`)),
    logs: (name, most = 100) => look(at(name, `/logs?most=${most}`)),
    traces: (name, most = 20) => look(at(name, `/traces?most=${most}`)),
    deadLetters: {
      list: listLetters,
      get: (name, id) => look(at(name, `/dead-letters/${id}`)),
      replay: (name, ids) => change('POST', at(name, '/dead-letters/replay'), letters(ids)),
      async drop(name, ids) {
        return (await change<{ dropped: number }>('POST', at(name, '/dead-letters/drop'), letters(ids)))
          .dropped;
      },
    },
    connections: () => look('/v1/connections'),
    async testConnection(name) {
      const path = `/v1/connections/${encodeURIComponent(name)}/test`;
      return (await change<{ message: string }>('POST', path)).message;
    },
    events: ({ workflow } = {}) =>
      readEvents(
        () =>
          connection.open(
            'GET',
            `/v1/events${workflow === undefined ? '' : `?workflow=${encodeURIComponent(workflow)}`}`,
            {
              timeout: lookTimeout,
            },
          ),
        address,
        signal,
      ),
    close: () => connection.close(),
  };
}
