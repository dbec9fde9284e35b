import { NstackError } from '../../core/index.ts';
import { parseDuration } from '../../manifest/quantity.ts';
import type { OpenContext } from '../connector.ts';
import type { HttpSettings } from './settings-schema.ts';

export interface SourceSettings {
  /** Begins with a slash. */
  readonly path: string;
  readonly listen: ListenAddress;
  readonly acknowledge: 'delivered' | 'stored';
  /** Milliseconds. */
  readonly timeout: number;
  readonly concurrency: number;
  readonly token: string | undefined;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const defaultListen = '127.0.0.1:8787';

/** The source's parameters and connection with their defaults. Throws `connector-invalid` where they cannot be. */
export function sourceSettings({ parameters, connection, durable }: OpenContext): SourceSettings {
  const { acknowledge = 'delivered', timeout = '30s', concurrency = 1_024 } = parameters;
  const settings = (connection?.settings ?? {}) as HttpSettings;
  if (acknowledge === 'stored' && !durable) {
    throw new NstackError(
      'connector-invalid',
      'http: nothing can be stored for a workflow that does not outlive its run',
      {
        hint: 'Leave out acknowledge, so that requests are answered when their messages were delivered; or start the workflow with nstack start.',
      },
    );
  }
  return {
    path: pathOf(parameters),
    listen: parseListen(parameters.listen ?? settings.listen ?? defaultListen),
    acknowledge: acknowledge === 'stored' ? 'stored' : 'delivered',
    timeout: parseDuration(timeout as string | number) ?? 30_000,
    concurrency: concurrency as number,
    token: settings.token,
  };
}

function pathOf({ path, http_path: alias }: OpenContext['parameters']): string {
  if (path !== undefined && alias !== undefined) {
    throw new NstackError(
      'connector-invalid',
      'http: path and http_path are the same parameter, and both are given',
      {
        hint: 'Leave out one of them.',
      },
    );
  }
  const given = path ?? alias;
  if (typeof given !== 'string') {
    throw new NstackError('connector-invalid', 'http: no path is given', {
      hint: 'Name one: http/demo, or Sources.http { path = "/demo" }.',
    });
  }
  const whole = given.startsWith('/') ? given : `/${given}`;
  if (/^\/[\w\-.~!$&'()*+,;=:@%/]*$/.test(whole)) return whole;
  throw new NstackError('connector-invalid', `http: ${JSON.stringify(given)} is no path of a URL`, {
    hint: 'A path has letters, digits and -._~/; others are written as %20. What follows a ? is no part of it.',
  });
}

function parseListen(listen: unknown): ListenAddress {
  const text = String(listen);
  const [, v6, name, digits] = /^(?:(?:\[([0-9a-fA-F:.%\w]+)\]|([^\s:[\]/]*)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits !== undefined && port <= 65_535) return { host: v6 ?? (name || '127.0.0.1'), port };
  throw new NstackError('connector-invalid', `http: ${JSON.stringify(listen)} is no address to listen on`, {
    hint: 'Write host and port: listen = "127.0.0.1:8787", or "0.0.0.0:8787" for every address of this machine.',
  });
}
