import { join, resolve } from 'node:path';
import { NstackError } from '../core/index.ts';
import type { ConnectorPlan } from '../workflow/index.ts';
import { filePosition } from './file-position.ts';

/** How the other side of an end is opened: the connector of the same system, turned round. */
export interface Counterpart {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly positions?: Readonly<Record<string, unknown>>;
}

/** How far clocks may be apart that time stamps of messages are compared over, in milliseconds. */
const clockSkew = 5 * 60_000;

/**
 * Sinks that write what a source reads: one, or, on Kafka where no key says which messages belong together, one for each lane, which writes to the
 * partition of its number.
 */
export function inputCounterparts(
  { connector, parameters }: ConnectorPlan,
  { key, lanes }: { readonly key: string | undefined; readonly lanes: number },
): readonly Counterpart[] {
  switch (connector) {
    case 'file':
      return [{ parameters: { path: parameters.path } }];
    case 'kafka':
      if (key !== undefined) return [{ parameters: { topic: parameters.topic, key } }];
      return Array.from({ length: lanes }, (_, partition) => ({
        parameters: { topic: parameters.topic, partition },
      }));
    case 'rabbitMQ': {
      const { queue, declare, queue_type } = parameters;
      return [{ parameters: given({ queue, declare, queue_type }) }];
    }
    default:
      return [{ parameters: { url: listeningUrl(parameters), batch: 'ndjson' } }];
  }
}

/** The source that reads what a sink writes from now on. */
export async function outputCounterpart(
  { connector, parameters }: ConnectorPlan,
  { run, folder }: { readonly run: string; readonly folder: string },
): Promise<Counterpart> {
  switch (connector) {
    case 'file':
      return {
        parameters: { path: parameters.path, follow: true, ...given({ as: parameters.as }) },
        ...given({ positions: await filePosition(resolve(folder, String(parameters.path))) }),
      };
    case 'kafka':
      return {
        parameters: {
          topic: parameters.topic,
          group: `nstack-verify-${run}-output`,
          from: new Date(Date.now() - clockSkew).toISOString(),
        },
      };
    case 'rabbitMQ': {
      const { queue, declare, queue_type } = parameters;
      if (queue !== undefined) return { parameters: given({ queue, declare, queue_type }) };
      throw new NstackError(
        'usage',
        `rabbitMQ/${parameters.exchange}: an exchange keeps nothing to be read`,
        {
          hint: 'Let the workflow write to a queue for the audit: --sink rabbitMQ/QUEUE.',
        },
      );
    }
    default: {
      const url = new URL(String(parameters.url));
      return { parameters: { path: url.pathname, listen: `${url.hostname}:${url.port || '80'}` } };
    }
  }
}

/** Where the file of a source is, which has to be there when the workflow starts; undefined for other systems. */
export function inputFile({ connector, parameters }: ConnectorPlan, folder: string): string | undefined {
  return connector === 'file' ? resolve(folder, String(parameters.path)) : undefined;
}

/** Whether the source reads what is there when it starts, and ends with that. */
export function endsByItself({ connector, parameters }: ConnectorPlan): boolean {
  return connector === 'file' && parameters.follow !== true;
}

function listeningUrl({ path, http_path, listen = '127.0.0.1:8787' }: ConnectorPlan['parameters']): string {
  const address = /^\d+$/.test(String(listen)) ? `127.0.0.1:${listen}` : String(listen);
  const reachable = address.replace(/^(0\.0\.0\.0|\[::\])(?=:)/, '127.0.0.1');
  return `http://${reachable}${join('/', String(path ?? http_path))}`;
}

function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
