import { parseArgs } from 'node:util';
import { NstackError, stateFolder } from '../core/index.ts';
import { readTcpAddress, type TcpAddress } from './tcp-address.ts';

export interface SupervisorOptions {
  /** Absolute. */
  readonly stateFolder: string;
  /** The connections file that was named; undefined: the usual one. */
  readonly connections: string | undefined;
  /** The policy that was named; undefined: the usual one. */
  readonly policy: string | undefined;
  readonly listen: TcpAddress | undefined;
}

/** Reads the supervisor's own arguments: `--listen ADDRESS`, `--insecure-listen`, `--connections FILE`, `--policy FILE`. Throws NstackError `usage`. */
export function readSupervisorOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): SupervisorOptions {
  const { listen, connections, policy, 'insecure-listen': insecure } = readArguments(argv);
  const address = listen === undefined ? undefined : readTcpAddress(listen);
  if (address?.loopback === false && insecure !== true) {
    throw new NstackError(
      'usage',
      `${listen} can be reached from other machines, and the API is plain HTTP`,
      {
        hint: 'Listen on 127.0.0.1 and put an SSH tunnel or a proxy with TLS in front; or, in a network that you trust, add --insecure-listen.',
      },
    );
  }
  return { stateFolder: stateFolder(env), connections, policy, listen: address };
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        listen: { type: 'string' },
        'insecure-listen': { type: 'boolean' },
        connections: { type: 'string' },
        policy: { type: 'string' },
      },
    }).values;
  } catch (cause) {
    throw new NstackError('usage', (cause as Error).message, { cause });
  }
}
