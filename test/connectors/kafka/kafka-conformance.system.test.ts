import { afterAll, beforeAll } from 'vitest';
import { startKafka, type TestKafka } from '../../support/brokers/kafka.ts';
import { describeBrokerSink } from '../conformance/broker-sink-conformance.ts';
import { describeBrokerSource } from '../conformance/broker-source-conformance.ts';
import {
  bytesReceived,
  committedOffsets,
  contextFor,
  freshName,
  openSink,
  openSource,
  seenOutside,
  sendOutside,
  watchSockets,
} from './kafka-support.ts';

let broker: TestKafka;

beforeAll(async () => {
  watchSockets();
  broker = await startKafka();
});
afterAll(() => broker?.stop());

/** A message of the conformance takes at least so many bytes in a batch. */
const messageBytes = 100;

describeBrokerSource({
  name: 'kafka',
  readAhead: 80_000,
  restart: async () => {
    await broker.kill();
    await broker.restart();
  },
  async make() {
    const topic = freshName();
    await broker.createTopic(topic);
    let before = 0;
    let sent = 0;
    return {
      async send(messages) {
        sent += messages.length;
        await sendOutside(
          broker,
          topic,
          messages.map((value) => ({ value })),
        );
      },
      async open(options = {}) {
        before = bytesReceived();
        return openSource(contextFor(broker, { topic }, options));
      },
      async uncommitted() {
        const { 0: offset = -1 } = await committedOffsets(broker, `nstack-w-${topic}`, topic);
        return sent - Math.max(0, offset);
      },
      taken: async () => Math.floor((bytesReceived() - before) / messageBytes),
    };
  },
});

describeBrokerSink({
  name: 'kafka',
  kill: () => broker.kill(),
  restart: () => broker.restart(),
  async make() {
    const topic = freshName();
    await broker.createTopic(topic);
    return {
      open: (options = {}) => openSink(contextFor(broker, { topic }, options)),
      messages: async () => (await seenOutside(broker, topic)).map(({ value }) => value ?? 'null'),
    };
  },
});
