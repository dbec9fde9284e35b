import type { Readable } from 'node:stream';
import { NstackError } from '../../core/index.ts';
import { createHttp } from '../../registry/index.ts';

/** The text at an address; undefined where there is nothing. Throws {@link OutOfReach} where no answer comes. */
export type AskRegistry = (url: string, accept?: string) => Promise<string | undefined>;

/** What is asked for the versions of a language's packages. */
export interface RegistrySources {
  readonly ask: AskRegistry;
  /** Where this machine's own registries are set. */
  readonly env: NodeJS.ProcessEnv;
}

/** A registry gave no answer: what it has is not known. */
export class OutOfReach extends Error {}

/** Milliseconds that a registry may be silent. */
const patience = 10_000;
const mostRedirects = 5;
/** Bytes of an answer: the longest pages of PyPI have about ten million. */
const largestAnswer = 64 * 1024 ** 2;

/** Asks registries by this machine's proxies and certificates. A host that has not answered once is not asked again. */
export function createAskRegistry(env: NodeJS.ProcessEnv, signal: AbortSignal): AskRegistry {
  const http = createHttp(env);
  const silent = new Map<string, OutOfReach>();
  const get = async (url: URL, accept: string, redirects: number): Promise<string | undefined> => {
    const before = silent.get(url.host);
    if (before !== undefined) throw before;
    try {
      const authorization = url.username === '' ? {} : { authorization: basic(url) };
      const { status, headers, body } = await http({
        method: 'GET',
        url,
        headers: { accept, ...authorization },
        silence: patience,
        signal: AbortSignal.any([signal, AbortSignal.timeout(3 * patience)]),
      });
      if (status >= 300 && status < 400 && headers.location !== undefined && redirects > 0) {
        body.destroy();
        return await get(new URL(headers.location, url), accept, redirects - 1);
      }
      if (status === 200) return await boundedText(body);
      body.destroy();
      if (status === 404) return undefined;
      throw new Error(`it answers ${status}`);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof OutOfReach || error instanceof NstackError) throw error;
      const failure = new OutOfReach(`${url.host}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
      silent.set(url.host, failure);
      throw failure;
    }
  };
  return (url, accept = '*/*') => get(new URL(url), accept, mostRedirects);
}

async function boundedText(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop closes the connection.
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestAnswer) throw new Error(`its answer has more than ${largestAnswer} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The list below a name in an answer of JSON, empty where there is none of that name. Throws {@link OutOfReach} where it is no such answer. */
export function listIn(url: string, answer: string, name: string): readonly unknown[] {
  const unreadable = (cause?: unknown) =>
    new OutOfReach(`${new URL(url).host}: its answer for ${new URL(url).pathname} cannot be read`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(answer);
  } catch (error) {
    throw unreadable(error);
  }
  if (typeof value !== 'object' || value === null) throw unreadable();
  const list: unknown = Object.entries(value).find(([key]) => key === name)?.[1] ?? [];
  if (!Array.isArray(list)) throw unreadable();
  return list;
}

function basic({ username, password }: URL): string {
  return `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
}
