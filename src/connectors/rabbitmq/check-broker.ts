import { NstackError } from '../../core/index.ts';
import { brokerError } from './broker-error.ts';
import { type Link, openLink } from './link.ts';
import { checkTopology, type Topology } from './queue-setup.ts';
import type { RabbitSettings } from './settings.ts';

/** Fails with NstackError unless the broker lets us in and has what will not be made. */
export async function checkBroker(
  settings: RabbitSettings,
  topology: Topology,
  shown: string,
): Promise<void> {
  try {
    await visit(settings, new AbortController().signal, (link) => checkTopology(link, topology));
  } catch (error) {
    const { code, message, hint, cause } = brokerError(error, settings);
    throw new NstackError(code, `${shown}: ${message}`, { cause, ...(hint === undefined ? {} : { hint }) });
  }
}

/** What is there, in one line: `RabbitMQ 4.0.5 at localhost:5672, virtual host /, as me`. */
export async function testBroker(settings: RabbitSettings, signal: AbortSignal): Promise<string> {
  const { host, port, vhost, username, tls } = settings;
  try {
    const server = await visit(settings, signal, async (link) => link.server);
    return `${server} at ${host}:${port}${tls === undefined ? '' : ' with TLS'}, virtual host ${vhost}, as ${username}`;
  } catch (error) {
    signal.throwIfAborted();
    throw brokerError(error, settings);
  }
}

async function visit<T>(
  settings: RabbitSettings,
  signal: AbortSignal,
  work: (link: Link) => Promise<T>,
): Promise<T> {
  const link = await openLink(settings, { title: 'nstack: check', confirms: false, signal });
  try {
    return await work(link);
  } finally {
    await link.close();
  }
}
