import { NstackError } from '../../core/index.ts';
import type { Sink } from '../connector.ts';
import { type ComposeOptions, contentOf, createComposer } from './compose-message.ts';
import { createConfirmWatch } from './confirm-watch.ts';
import type { Link } from './link.ts';
import { createOutgoing } from './outgoing.ts';
import { createPublishFrames, type HeaderValue } from './publish-frames.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { setUpTopology, type Topology } from './queue-setup.ts';
import { openSession } from './session.ts';
import type { RabbitSettings } from './settings.ts';

export interface RabbitSinkOptions extends ComposeOptions {
  readonly settings: RabbitSettings;
  readonly topology: Topology;
  /** Where messages go: an exchange, '' for the queue named by the key. */
  readonly exchange: string;
  readonly persistent: boolean;
  /** Whether a message that the exchange has no queue for is given up on; without, the broker drops it. */
  readonly mandatory: boolean;
  readonly headers: Readonly<Record<string, HeaderValue>>;
  /** `rabbitMQ/orders` */
  readonly shown: string;
  readonly title: string;
  readonly log: (line: string) => void;
}

/**
 * A queue or an exchange as a sink, with publisher confirms. It connects when it is made, and again whenever the broker was away; what was not confirmed is
 * then sent again, in its order, before anything else.
 */
export function createRabbitSink(options: RabbitSinkOptions): Sink {
  const { shown, log } = options;
  const queue = options.exchange === '' ? options.key : undefined;
  const numbered = options.mandatory && queue === undefined;
  const outgoing = createOutgoing();
  const compose = createComposer(options);
  let publisher: Publisher | undefined;
  let largest = Number.POSITIVE_INFINITY;
  let failure: NstackError | undefined;
  const watch = createConfirmWatch({ shown, log, unconfirmed: () => publisher?.unconfirmed ?? 0 });

  async function setUp(link: Link): Promise<void> {
    await setUpTopology(link, options.topology);
    publisher = createPublisher({
      link,
      frames: createPublishFrames({
        channel: link.channelNumber,
        frameMax: link.frameMax,
        exchange: options.exchange,
        mandatory: numbered || queue !== undefined,
        persistent: options.persistent,
        headers: options.headers,
        ...contentOf[options.format],
      }),
      outgoing,
      compose: (outbound) => compose(outbound, largest),
      queue,
      numbered,
      onConfirmed: watch.confirmed,
      onRefused: () => log(`${shown}: the broker refuses messages; they are sent again`),
    });
    publisher.pump();
  }

  /** True: what the broker closed the channel for is taken out. */
  function onLost(reason: unknown): boolean {
    publisher?.end();
    publisher = undefined;
    const limit = /message size \d+ is larger than configured max size (\d+)/.exec(String(reason))?.[1];
    if (limit !== undefined) largest = Number(limit);
    return limit !== undefined;
  }

  function fail(error: NstackError): void {
    failure ??= error;
    outgoing.fail(failure);
  }

  const session = openSession({
    settings: options.settings,
    shown,
    title: options.title,
    confirms: true,
    log,
    setUp,
    onLost,
    onFailed: fail,
  });

  async function close(): Promise<void> {
    watch.close();
    publisher?.end();
    await session.close();
  }

  return {
    where: shown,
    write(batch) {
      if (failure !== undefined) return Promise.reject(failure);
      const written = outgoing.add(batch);
      publisher?.pump();
      return written;
    },
    finish: close,
    async abandon() {
      fail(new NstackError('interrupted', `${shown}: writing was given up`));
      await close();
    },
  };
}
