import { NstackError } from '../../core/index.ts';
import type { Credentials } from './registry-credentials.ts';

export interface RemoteReference {
  /** Host and port: `registry.example.com`, `localhost:5000`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

export interface RemoteImage {
  /** Digest of the manifest. */
  readonly digest: string;
  /** Digest of the image's config: its id in most engines. */
  readonly config: string;
}

const manifestTypes = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');
const answerTimeout = 20_000;

/**
 * What a registry holds under a tag, by the OCI distribution API; undefined where it holds nothing there. Fails with `registry-unavailable`
 * or `permission`.
 */
export async function remoteImage(
  reference: RemoteReference,
  credentials: Credentials | undefined,
  signal: AbortSignal,
): Promise<RemoteImage | undefined> {
  const { registry, repository, tag } = reference;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerTimeout)]);
  try {
    const response = await askRegistry(registry, `/v2/${repository}/manifests/${tag}`, credentials, limit);
    if (response.status === 404) return undefined;
    if (response.status === 401 || response.status === 403)
      throw new NstackError(
        'permission',
        `the registry ${registry} does not let this user read ${repository}`,
        {
          hint: `log in: docker login ${registry}`,
        },
      );
    if (!response.ok) throw new Error(`it answered ${response.status} ${response.statusText}`);
    const manifest: { readonly config?: { readonly digest?: string } } = JSON.parse(await response.text());
    return {
      digest: response.headers.get('docker-content-digest') ?? '',
      config: manifest.config?.digest ?? '',
    };
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof NstackError) throw cause;
    const reason = cause instanceof Error ? reasonOf(cause) : String(cause);
    throw new NstackError(
      'registry-unavailable',
      `the registry ${registry} cannot be asked for ${repository}:${tag}: ${reason}`,
      { cause },
    );
  }
}

/** Asks once, and again with what the registry wants to see: a password, or a token from the place that it names. */
async function askRegistry(
  registry: string,
  path: string,
  credentials: Credentials | undefined,
  signal: AbortSignal,
): Promise<Response> {
  const headers = { accept: manifestTypes };
  const { response: first, origin } = await firstAnswer(registry, path, { headers, signal });
  const challenge = first.headers.get('www-authenticate');
  if (first.status !== 401 || challenge === null) return first;
  await first.body?.cancel();
  const basic = credentials === undefined ? undefined : basicOf(credentials);
  const authorization = /^bearer /i.test(challenge) ? await bearer(challenge, basic, signal) : basic;
  if (authorization === undefined) return first;
  return fetch(`${origin}${path}`, { headers: { ...headers, authorization }, signal });
}

/** Registries on this machine may speak plain HTTP, as Docker allows; any other must not. */
async function firstAnswer(registry: string, path: string, init: RequestInit) {
  const secure = `https://${registry}`;
  try {
    return { origin: secure, response: await fetch(`${secure}${path}`, init) };
  } catch (error) {
    if (init.signal?.aborted === true || !/^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(registry))
      throw error;
    const plain = `http://${registry}`;
    return { origin: plain, response: await fetch(`${plain}${path}`, init) };
  }
}

async function bearer(
  challenge: string,
  basic: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const parameters = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
  );
  const url = new URL(parameters.get('realm') ?? '');
  for (const key of ['service', 'scope']) {
    const value = parameters.get(key);
    if (value !== undefined) url.searchParams.set(key, value);
  }
  const response = await fetch(url, { signal, headers: basic === undefined ? {} : { authorization: basic } });
  if (!response.ok) return undefined;
  const { token, access_token: accessToken }: { token?: string; access_token?: string } = JSON.parse(
    await response.text(),
  );
  return `Bearer ${token ?? accessToken ?? ''}`;
}

function basicOf({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}
