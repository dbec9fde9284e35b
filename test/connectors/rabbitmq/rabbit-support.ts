import { randomBytes } from 'node:crypto';
import type { ChannelModel, GetMessage } from 'amqplib';
import { expect } from 'vitest';
import {
  type Connection,
  findConnector,
  type OpenContext,
  type Sink,
  type Source,
} from '../../../src/connectors/index.ts';
import type { Rabbit } from '../../support/brokers/rabbitmq.ts';
import { openContext } from '../support.ts';

/** A name that no other test has. */
export function freshName(): string {
  return `test-${randomBytes(6).toString('hex')}`;
}

export function connectionTo(rabbit: Rabbit, more: Readonly<Record<string, unknown>> = {}): Connection {
  return {
    name: 'rabbitMQ',
    system: 'rabbitMQ',
    settings: { ...rabbit.settings, ...more },
    secrets: [rabbit.password],
  };
}

export function rabbitContext(
  rabbit: Rabbit,
  parameters: Readonly<Record<string, unknown>>,
  more: Partial<OpenContext> = {},
): OpenContext {
  return openContext(parameters, { connection: connectionTo(rabbit), ...more });
}

export async function openSource(context: OpenContext): Promise<Source> {
  const source = await findConnector('rabbitMQ')?.source?.open(context);
  if (source === undefined) throw new Error('no RabbitMQ source');
  return source;
}

export async function openSink(context: OpenContext): Promise<Sink> {
  const sink = await findConnector('rabbitMQ')?.sink?.open(context);
  if (sink === undefined) throw new Error('no RabbitMQ sink');
  return sink;
}

/** Does something with a client that is not nstack's. */
export async function withClient<T>(rabbit: Rabbit, work: (model: ChannelModel) => Promise<T>): Promise<T> {
  const model = await rabbit.connect();
  try {
    return await work(model);
  } finally {
    await model.close();
  }
}

/** Puts messages in a durable queue, which is made where it is missing; resolves when they are confirmed. */
export async function send(
  rabbit: Rabbit,
  queue: string,
  messages: readonly (string | Buffer)[],
  options: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await withClient(rabbit, async (model) => {
    const channel = await model.createConfirmChannel();
    if (!(await knows(model, queue))) await channel.assertQueue(queue, { durable: true });
    for (const message of messages)
      channel.sendToQueue(queue, Buffer.from(message), { persistent: true, ...options });
    await channel.waitForConfirms();
  });
}

async function knows(model: ChannelModel, queue: string): Promise<boolean> {
  const channel = await model.createChannel();
  channel.on('error', () => {});
  return channel.checkQueue(queue).then(
    () => true,
    () => false,
  );
}

export async function hasQueue(rabbit: Rabbit, queue: string): Promise<boolean> {
  return await withClient(rabbit, (model) => knows(model, queue));
}

/** Takes all messages out of a queue. */
export async function drain(rabbit: Rabbit, queue: string): Promise<readonly GetMessage[]> {
  return await withClient(rabbit, async (model) => {
    const channel = await model.createChannel();
    const { messageCount } = await channel.checkQueue(queue);
    const messages: GetMessage[] = [];
    if (messageCount === 0) return messages;
    await channel.prefetch(1_000);
    const all = Promise.withResolvers<void>();
    await channel.consume(queue, (message) => {
      if (message === null) return all.reject(new Error('the queue is gone'));
      messages.push(message as unknown as GetMessage);
      if (messages.length % 500 === 0) channel.ack(message, true);
      if (messages.length === messageCount) all.resolve();
    });
    await all.promise;
    channel.ackAll();
    await channel.close();
    return messages;
  });
}

/** Messages that the broker has handed to nobody. */
export async function waitingIn(rabbit: Rabbit, queue: string): Promise<number> {
  return await withClient(rabbit, async (model) => {
    const channel = await model.createChannel();
    return (await channel.checkQueue(queue)).messageCount;
  });
}

/** Resolves when somebody consumes from the queue. */
export async function untilConsumed(rabbit: Rabbit, queue: string): Promise<void> {
  await withClient(rabbit, async (model) => {
    await expect
      .poll(
        async () => {
          const channel = await model.createChannel();
          channel.on('error', () => {});
          const state = await channel.checkQueue(queue).catch(() => undefined);
          if (state !== undefined) await channel.close();
          return state?.consumerCount;
        },
        { timeout: 20_000 },
      )
      .toBe(1);
  });
}
