import { NstackError, socketPath, stateFolder } from '../core/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a supervisor is asked. */
export type SupervisorAddress =
  | { readonly kind: 'unix'; readonly path: string; readonly shown: string }
  | {
      readonly kind: 'tcp';
      readonly secure: boolean;
      readonly host: string;
      readonly port: number;
      readonly token: string;
      readonly shown: string;
    };

/** `$NSTACK_SUPERVISOR` (`http://HOST:PORT`, with `$NSTACK_TOKEN`), else the socket in the state folder. Throws NstackError `usage`. */
export function supervisorAddress(env: Environment): SupervisorAddress {
  const { NSTACK_SUPERVISOR: written, NSTACK_TOKEN: token } = env;
  if (!written) {
    const path = socketPath(stateFolder(env));
    return { kind: 'unix', path, shown: `unix:${path}` };
  }
  const url = URL.parse(written);
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '') {
    throw new NstackError(
      'usage',
      `NSTACK_SUPERVISOR is ${JSON.stringify(written)}, which is no address of a supervisor`,
      {
        hint: 'It is http://HOST:PORT, or https://HOST:PORT where a proxy stands in front. Without it the socket in the state folder is used.',
      },
    );
  }
  if (!token) {
    throw new NstackError(
      'usage',
      `the supervisor at ${written} asks for a token, and NSTACK_TOKEN is not set`,
      {
        hint: "Set it to what the file token in that supervisor's state folder holds.",
      },
    );
  }
  const secure = url.protocol === 'https:';
  return {
    kind: 'tcp',
    secure,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || (secure ? 443 : 80)),
    token,
    shown: url.origin,
  };
}
