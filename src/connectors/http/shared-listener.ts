import { setTimeout as sleep } from 'node:timers/promises';
import { NstackError } from '../../core/index.ts';
import { portOwner } from './port-owner.ts';
import { becomeGuest, becomeHost, type Role, type ShareOptions } from './roles.ts';
import { sharedFolder } from './shared-folder.ts';
import type { ListenAddress } from './source-settings.ts';

export interface SharedListener {
  /** Where it is, for people: `http://127.0.0.1:8787`. */
  readonly url: string;
  /** No new requests; those that are open have so many milliseconds. */
  close(grace: number): Promise<void>;
}

/** One tries to be host or guest for so long, while another comes or goes. */
const patience = { tries: 20, pause: 100 };

/**
 * Has the requests for a path of an address, alone or with other workflows of this user (roles.ts). Throws where another program has the address, or another
 * workflow the path.
 */
export async function shareListener(options: ShareOptions): Promise<SharedListener> {
  const { address, log } = options;
  const folder = await sharedFolder();
  const closing = new AbortController();
  const first = Promise.withResolvers<Role>();
  let role: Role | undefined;
  const running = run().catch(first.reject);

  /** A guest whose host has gone takes its place, or finds who did. */
  async function run(): Promise<void> {
    for (let claims = 0; !closing.signal.aborted; claims++) {
      role = await claim(claims > 0);
      if (role === undefined) return;
      first.resolve(role);
      await role.lost;
      if (!closing.signal.aborted) await role.close(0);
    }
  }

  async function claim(again: boolean): Promise<Role | undefined> {
    let taken: string | undefined;
    for (let tries = 1; !closing.signal.aborted; tries++) {
      const claimed = (await becomeHost(options, folder)) ?? (await becomeGuest(options, folder));
      if (typeof claimed === 'object') return claimed;
      taken = claimed;
      if (tries === patience.tries) {
        const error = taken === undefined ? await addressInUse(address) : pathTaken(options, taken);
        if (!again) throw error;
        log(`${error.message}; trying on`);
      }
      await sleep(patience.pause, undefined, { signal: closing.signal }).catch(() => {});
    }
    return undefined;
  }

  const { url } = await first.promise;
  return {
    url,
    async close(grace) {
      closing.abort();
      await role?.close(grace);
      await running;
    },
  };
}

async function addressInUse({ host, port }: ListenAddress): Promise<NstackError> {
  const owner = await portOwner(port);
  const who = owner === undefined ? 'another program' : `${owner.name} (process ${owner.pid})`;
  return new NstackError('connector-invalid', `http: ${host}:${port} is in use by ${who}`, {
    hint: `End it, or listen elsewhere: listen = "${host}:${port + 1}".`,
  });
}

function pathTaken({ address: { host, port }, path }: ShareOptions, workflow: string): NstackError {
  return new NstackError(
    'connector-invalid',
    `http: ${path} on ${host}:${port} is taken by the workflow ${workflow}`,
    {
      hint: 'Give this one another path, or another address by listen.',
    },
  );
}
