import { NstackError } from '../../core/index.ts';
import type { Credentials } from './credentials.ts';

/**
 * The protocol of Docker's credential helpers: the registry on stdin, JSON on stdout. Undefined where the helper knows of none. Fails with `permission`, or
 * with `file-unreadable` where the name is none.
 */
export async function askCredentialHelper(
  helper: string,
  registry: string,
  { signal, env }: { readonly signal: AbortSignal; readonly env: NodeJS.ProcessEnv },
): Promise<Credentials | undefined> {
  if (!/^[A-Za-z0-9._-]+$/.test(helper))
    throw new NstackError(
      'file-unreadable',
      `Docker's config.json names ${JSON.stringify(helper)} as a credential helper`,
    );
  const tool = `docker-credential-${helper}`;
  const { execa } = await import('execa');
  const answer = await execa(tool, ['get'], {
    input: registry,
    env,
    extendEnv: false,
    reject: false,
    cancelSignal: signal,
    timeout: 30_000,
  });
  signal.throwIfAborted();
  const refused = (why: string) =>
    new NstackError('permission', `${tool} gave no credentials for ${registry}: ${why}`, {
      hint: `log in again with a user name and a password or access token: docker login -u NAME ${registry}`,
    });
  if (answer.exitCode !== 0) {
    if (/credentials not found/i.test(answer.stdout ?? '')) return undefined;
    throw refused(words(answer));
  }
  const { Username, Secret } = parseAnswer(answer.stdout);
  if (Username === undefined || Secret === undefined) throw refused('its answer holds none');
  if (Username === '<token>') return { kind: 'identity-token', token: Secret };
  return { kind: 'password', username: Username, password: Secret };
}

/** Empty where the text is no JSON. It is not shown: it may hold a password. */
function parseAnswer(text: string): { readonly Username?: string; readonly Secret?: string } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

interface Words {
  readonly stdout: string | undefined;
  readonly stderr: string | undefined;
  readonly shortMessage?: string | undefined;
}

function words({ stdout, stderr, shortMessage }: Words): string {
  return (stderr || stdout || shortMessage || 'it said nothing').trim();
}
