import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../nstack.ts';
import type { Certificates } from './certificates.ts';

/** Who may use a registry with a password file. */
export const registryUser = { username: 'ali', password: 'open sesame' };

export interface TestRegistryOptions {
  readonly passwords: boolean;
  /** Speaks TLS with this certificate; with `clients`, with those alone who show one that the authority has signed. */
  readonly tls?: { readonly certificates: Certificates; readonly clients?: boolean };
}

/** Debian's docker-registry on a free port of this machine, `127.0.0.1:PORT`. Whoever starts it must stop it. */
export async function runRegistry(
  options: TestRegistryOptions,
): Promise<{ readonly address: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'nstack-registry-'));
  const config = join(folder, 'config.yml');
  await writeFile(join(folder, 'passwords'), `ali:${passwordHash}\n`);
  const auth = options.passwords
    ? { auth: { htpasswd: { realm: 'test', path: join(folder, 'passwords') } } }
    : {};
  await writeFile(
    config,
    // JSON is YAML.
    JSON.stringify({
      version: '0.1',
      storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
      http: { addr: '127.0.0.1:0', secret: 'test', ...(await tlsIn(folder, options)) },
      ...auth,
    }),
  );
  // Installed, or unpacked there by `make setup`.
  const path = [process.env.PATH, join(root, '.cache/docker-registry/usr/bin')].join(delimiter);
  const registry = spawn('docker-registry', ['serve', config], {
    env: { PATH: path, OTEL_TRACES_EXPORTER: 'none' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = async () => {
    registry.kill('SIGKILL');
    if (registry.exitCode === null && registry.signalCode === null) await once(registry, 'exit');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { address: await listeningAddress(registry.stderr, once(registry, 'exit')), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function tlsIn(folder: string, { tls }: TestRegistryOptions) {
  if (tls === undefined) return {};
  const { ca, cert, key } = tls.certificates;
  for (const [name, text] of Object.entries({ ca, cert, key }))
    await writeFile(join(folder, `${name}.pem`), text);
  const clientcas = tls.clients === true ? { clientcas: [join(folder, 'ca.pem')] } : {};
  return { tls: { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem'), ...clientcas } };
}

async function listeningAddress(log: NodeJS.ReadableStream, exit: Promise<unknown>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const seen: string[] = [];
  createInterface(log).on('line', (line) => {
    seen.push(line);
    const address = /listening on (127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (address !== undefined) resolve(address);
  });
  exit.then(() => reject(new Error(`docker-registry ended: ${seen.join('\n')}`)), reject);
  return await promise;
}

/** bcrypt of the password above. */
const passwordHash = '$2b$04$sZWS/UVp0xG7NDP8z/8tju6koGlGUmDq8GcSF4uBwV8KeZ.wmEE8y';
