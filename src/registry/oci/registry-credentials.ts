import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NstackError } from '../../core/index.ts';
import { askCredentialHelper } from './credential-helper.ts';
import type { Credentials } from './credentials.ts';

interface StoredLogin {
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
}

/** The part of Docker's config.json that is about logging in. */
interface DockerConfig {
  readonly auths?: Readonly<Record<string, StoredLogin>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/** Under what Docker keeps the login to Docker Hub, for historical reasons. */
const dockerHub = 'https://index.docker.io/v1/';
const dockerHubHosts = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

/**
 * What `docker login` has kept for a registry, in config.json or with the credential helper that it names; undefined where nobody has logged in.
 * Fails with `file-unreadable` or `permission`.
 */
export async function registryCredentials(
  registry: string,
  signal: AbortSignal,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Credentials | undefined> {
  const config = await readConfig(join(env.DOCKER_CONFIG || join(homedir(), '.docker'), 'config.json'));
  const hosts = dockerHubHosts.has(registry) ? [...dockerHubHosts] : [registry];
  const helper = entryOf(config.credHelpers, hosts) ?? config.credsStore;
  if (helper !== undefined) {
    const server = dockerHubHosts.has(registry) ? dockerHub : registry;
    return askCredentialHelper(helper, server, { signal, env });
  }
  const stored = entryOf(config.auths, hosts);
  return stored === undefined ? undefined : loginOf(stored);
}

/** Keys are hosts, or addresses that begin with one: `registry.example.com`, `https://index.docker.io/v1/`. */
function entryOf<T>(
  entries: Readonly<Record<string, T>> | undefined,
  hosts: readonly string[],
): T | undefined {
  const all = Object.entries(entries ?? {});
  const exact = all.find(([key]) => hosts.includes(key));
  return (exact ??
    all.find(([key]) => hosts.includes(key.replace(/^https?:\/\//, '').replace(/\/.*$/, ''))))?.[1];
}

function loginOf({ auth, identitytoken, registrytoken, ...plain }: StoredLogin): Credentials | undefined {
  if (registrytoken) return { kind: 'registry-token', token: registrytoken };
  if (identitytoken) return { kind: 'identity-token', token: identitytoken };
  const [username = '', ...password] = Buffer.from(auth ?? '', 'base64')
    .toString('utf8')
    .split(':');
  if (auth) return { kind: 'password', username, password: password.join(':').replace(/\0+$/, '') };
  if (plain.username === undefined || plain.password === undefined) return undefined;
  return { kind: 'password', username: plain.username, password: plain.password };
}

async function readConfig(file: string): Promise<DockerConfig> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '{}';
    throw new NstackError('file-unreadable', `${file} cannot be read`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NstackError('file-unreadable', `${file} is no JSON`, { cause });
  }
}
