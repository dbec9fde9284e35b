import type { SeenImage } from './engine.ts';

/** What the engine's list of images says of one, as far as it is read here (Docker Engine API, "List images"). */
export interface ListedImage {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null | undefined;
  readonly Labels?: Readonly<Record<string, string>> | null | undefined;
  readonly Size: number;
  /** Seconds since 1970. */
  readonly Created: number;
}

/** An image of the engine's list, in the words of the inspection: both answer the same of the same image. */
export function seenImage({ Id, RepoTags, Labels, Size, Created }: ListedImage): SeenImage {
  return Object.freeze<SeenImage>({
    id: Id,
    // An image without a tag has null here, or one that says so.
    tags: (RepoTags ?? []).filter((tag) => tag !== '<none>:<none>'),
    labels: Labels ?? {},
    size: Size,
    created: new Date(Created * 1000).toISOString().replace('.000Z', 'Z'),
  });
}

/** Milliseconds of silence after which an engine is not waited for. */
const patience = 2_000;

/**
 * The images of these references that an engine on this machine has, by one request and nothing before it: no client library is loaded, no version is asked
 * for. Undefined where that is not to be had, for whatever reason; then {@link ContainerEngine.seeImages} of a connected engine answers or says why.
 */
export async function seeImagesAtOnce(
  references: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<readonly SeenImage[] | undefined> {
  const address = addressOf(env);
  if (address === undefined) return undefined;
  const filters = encodeURIComponent(JSON.stringify({ reference: references }));
  try {
    const answer = await exchange(address, `/images/json?filters=${filters}`);
    const list: unknown = JSON.parse(answer);
    return Array.isArray(list) ? list.map(seenImage) : undefined;
  } catch {
    return undefined;
  }
}

function addressOf({ DOCKER_HOST: host, DOCKER_TLS_VERIFY }: NodeJS.ProcessEnv) {
  // The first of the usual places alone: where another engine serves, it is found by connecting.
  if (host === undefined || host === '') return { path: '/var/run/docker.sock' };
  if (host.startsWith('unix://')) return { path: host.slice('unix://'.length) };
  // With certificates it is the client library's matter.
  if (!host.startsWith('tcp://') || DOCKER_TLS_VERIFY || !URL.canParse(host)) return undefined;
  const { hostname, port } = new URL(host.replace(/^tcp/, 'http'));
  return { host: hostname, port: Number(port || 2375) };
}

/** The body of the answer to a request of HTTP 1.0, which ends with the connection. Node's own client takes 20 ms to load, a socket one. */
async function exchange(address: NonNullable<ReturnType<typeof addressOf>>, path: string): Promise<string> {
  const { connect } = await import('node:net');
  const socket = connect(address);
  socket.setTimeout(patience, () => socket.destroy(new Error('no answer')));
  socket.write(`GET ${path} HTTP/1.0\r\nHost: localhost\r\nAccept: application/json\r\n\r\n`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0 || !/^HTTP\/1\.[01] 200 /.test(text) || /^transfer-encoding:/im.test(text.slice(0, end)))
    throw new Error('no list of images');
  return text.slice(end + 4);
}
