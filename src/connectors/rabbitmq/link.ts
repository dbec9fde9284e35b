import { once } from 'node:events';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Channel, ChannelModel, Message, SocketOptions } from 'amqplib';
import { unlessAborted } from '../../core/index.ts';
import { tlsOptions } from '../tls-settings.ts';
import type { RabbitSettings } from './settings.ts';

/**
 * One connection to the broker with one channel on it: the seam to amqplib. It lives until either is lost; whoever needs another opens another.
 */
export interface Link {
  /** `RabbitMQ 4.0.5` */
  readonly server: string;
  /** With publisher confirms where they were asked for. */
  readonly channel: Channel;
  readonly channelNumber: number;
  /** Longest frame in bytes, its eight of envelope among them. */
  readonly frameMax: number;
  /** Resolves with the reason when the channel or the connection is gone, for whatever reason, `close` among them. */
  readonly gone: Promise<unknown>;
  /** Runs what may cost its channel (a passive declaration that fails closes it) on one of its own. */
  apart<T>(work: (channel: Channel) => Promise<T>): Promise<T>;
  /** Acknowledges every delivery of the channel up to that tag; nothing where the link is gone. */
  acknowledge(tag: number): void;
  /** Sends whole frames of the channel past the client. False: the socket is full, and `onDrained` is called when it is not any more; never on a link that is gone. */
  send(frames: Uint8Array, onDrained: () => void): boolean;
  /** What was sent before is taken by the broker first. Takes two seconds at most, then cuts. May be called again; the first reason counts. */
  close(reason?: unknown): Promise<void>;
}

export interface LinkOptions {
  /** For the broker's list of connections. */
  readonly title: string;
  readonly confirms: boolean;
  /** Ends the attempt to connect. */
  readonly signal: AbortSignal;
  readonly onBlocked?: (reason: string | undefined) => void;
}

const connectTimeout = 10_000;
const closeTimeout = 2_000;

export async function openLink(settings: RabbitSettings, options: LinkOptions): Promise<Link> {
  const model = await connectTo(settings, options);
  const inner = innerOf(model);
  const gone = Promise.withResolvers<unknown>();
  let closeReason: unknown;
  let isGone = false;
  let closing: Promise<void> | undefined;
  const onGone = (reason: unknown) => {
    isGone = true;
    gone.resolve(reason);
  };
  model.on('error', (error) => {
    closeReason ??= error;
  });
  model.on('close', (error?: Error) => {
    // A peer that is dead, not closed, would keep the descriptor for long.
    inner.stream.destroy();
    onGone(closeReason ?? error ?? new Error('the connection was closed'));
  });
  model.on('blocked', (reason) => options.onBlocked?.(reason));
  model.on('unblocked', () => options.onBlocked?.(undefined));

  try {
    const channel = await (options.confirms ? model.createConfirmChannel() : model.createChannel());
    // A lost connection takes its channels first, and its own reason is the better one.
    watch(channel, (reason) => onGone(closeReason ?? reason));
    return {
      server: serverOf(model),
      channel,
      channelNumber: (channel as unknown as { readonly ch: number }).ch,
      frameMax: inner.frameMax,
      gone: gone.promise,
      async apart(work) {
        const other = await model.createChannel();
        other.on('error', () => {});
        const done = await work(other);
        await other.close();
        return done;
      },
      acknowledge(tag) {
        if (!isGone) channel.ack({ fields: { deliveryTag: tag } } as Message, true);
      },
      send(frames, onDrained) {
        if (isGone) return true;
        inner.sendBytes(frames);
        const isFull = inner.stream.writableNeedDrain;
        if (isFull) inner.stream.once('drain', onDrained);
        return !isFull;
      },
      close(reason) {
        onGone(reason ?? new Error('it was closed'));
        closing ??= closeModel(model, inner.stream, channel);
        return closing;
      },
    };
  } catch (error) {
    await closeModel(model, inner.stream);
    throw closeReason ?? error;
  }
}

function innerOf(model: ChannelModel): InnerConnection {
  return model.connection as unknown as InnerConnection;
}

/** Parts of amqplib's connection that its types leave out. */
interface InnerConnection {
  readonly stream: Duplex;
  readonly frameMax: number;
  readonly serverProperties: Readonly<Record<string, unknown>>;
  sendBytes(bytes: Uint8Array): void;
}

async function connectTo(settings: RabbitSettings, { title, signal }: LinkOptions): Promise<ChannelModel> {
  // A CommonJS package: in a bundle its default export is all that there is.
  const { default: amqplib } = await import('amqplib');
  const { tls, host } = settings;
  // All that net.connect and tls.connect know reaches them, more than amqplib's types say.
  const socket = {
    noDelay: true,
    timeout: connectTimeout,
    clientProperties: { product: 'nstack', connection_name: title },
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...tlsOptions(tls ?? {}),
  };
  signal.throwIfAborted();
  const connecting = amqplib.connect(
    {
      protocol: tls === undefined ? 'amqp' : 'amqps',
      hostname: host,
      port: settings.port,
      username: settings.username,
      password: settings.password,
      // The client unescapes it.
      vhost: encodeURIComponent(settings.vhost),
      ...(settings.heartbeat === undefined ? {} : { heartbeat: settings.heartbeat }),
    },
    socket as SocketOptions,
  );
  try {
    return await unlessAborted(connecting, signal);
  } catch (error) {
    if (signal.aborted) connecting.then(closeUnused, () => {});
    throw error;
  }
}

/**
 * An attempt that nobody waits for any more goes on until it is through, or `connectTimeout` is over, and is then closed in order: the client takes a socket that is destroyed during the
 * handshake for open where the rest of it had come already, and would throw an error of its heartbeats, which nobody could catch, minutes later.
 */
function closeUnused(model: ChannelModel): Promise<void> {
  model.on('error', () => {});
  return closeModel(model, innerOf(model).stream);
}

function watch(channel: Channel, onGone: (reason: unknown) => void): void {
  channel.on('error', onGone);
  channel.on('close', () => onGone(new Error('the channel was closed')));
}

function serverOf(model: ChannelModel): string {
  const { product, version } = model.connection.serverProperties;
  return `${product} ${version}`;
}

async function closeModel(model: ChannelModel, stream: Duplex, channel?: Channel): Promise<void> {
  // With an error, so that the client ends its timers too where it does not know of the end yet.
  const cut = () => stream.destroy(new Error('no answer'));
  const timer = setTimeout(cut, closeTimeout);
  const closed = once(stream, 'close').catch(() => {});
  try {
    // The channel first: the broker answers when it has done what was asked before.
    await Promise.race([closed, channel?.close().catch(() => {})]);
    await Promise.race([closed, model.close()]);
  } catch {
    // It was closed already.
  } finally {
    clearTimeout(timer);
    cut();
  }
}
