import {
  connectionWords,
  findConnection,
  loadConnections,
  testConnection,
} from '../connectors/connections/index.ts';
import { connectors } from '../connectors/index.ts';
import { NstackError, nearestWord } from '../core/index.ts';
import type { ConnectionInfoWords } from '../workflow/index.ts';

/** What the API does with connections. */
export interface ConnectionDesk {
  list(): Promise<readonly ConnectionInfoWords[]>;
  /** Connects, looks around, and answers in one line what is there. Fails with NstackError that says what is wrong. */
  test(name: string, signal: AbortSignal): Promise<string>;
}

/** The connections of the file at an absolute path, which is read anew for each call. */
export function createConnectionDesk(path: string): ConnectionDesk {
  const load = async () => (await loadConnections(path, connectors)).connections;
  return {
    list: async () => (await load()).map(connectionWords),
    async test(name, signal) {
      const known = await load();
      const found = findConnection(name, known);
      if (found !== undefined) return testConnection(found, signal);
      const names = known.map((connection) => connection.name);
      const nearest = nearestWord(name, names);
      throw new NstackError('connection-invalid', `${path} has no connection ${JSON.stringify(name)}`, {
        hint:
          nearest !== undefined
            ? `Did you mean ${JSON.stringify(nearest)}?`
            : names.length === 0
              ? 'It has none yet.'
              : `It has ${names.join(', ')}.`,
      });
    },
  };
}
