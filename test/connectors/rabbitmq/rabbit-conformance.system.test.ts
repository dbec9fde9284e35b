import { afterAll, beforeAll } from 'vitest';
import { type Rabbit, startRabbit } from '../../support/brokers/rabbitmq.ts';
import { describeBrokerSink } from '../conformance/broker-sink-conformance.ts';
import { describeBrokerSource } from '../conformance/broker-source-conformance.ts';
import {
  drain,
  freshName,
  hasQueue,
  openSink,
  openSource,
  rabbitContext,
  send,
  waitingIn,
  withClient,
} from './rabbit-support.ts';

let rabbit: Rabbit;
beforeAll(async () => {
  // Soon enough for what a connection left behind that was given up while it opened.
  rabbit = await startRabbit({ config: ['heartbeat = 5'] });
});
afterAll(() => rabbit?.stop());

for (const type of ['classic', 'quorum'] as const) {
  describeBrokerSource({
    name: `RabbitMQ (${type} queue)`,
    async make() {
      const queue = freshName();
      let sent = 0;
      await withClient(rabbit, async (model) => {
        const channel = await model.createChannel();
        await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': type } });
      });
      return {
        async send(messages) {
          await send(rabbit, queue, messages);
          sent += messages.length;
        },
        open: ({ rows, log } = {}) =>
          openSource(
            rabbitContext(
              rabbit,
              { queue },
              { ...(rows === undefined ? {} : { rows }), ...(log === undefined ? {} : { log }) },
            ),
          ),
        uncommitted: () => waitingIn(rabbit, queue),
        taken: async () => sent - (await waitingIn(rabbit, queue)),
      };
    },
    async restart() {
      await rabbit.keepQueues();
      await rabbit.kill();
      await rabbit.restart();
    },
    mixesWhenItDies: type === 'quorum',
    readAhead: 2_008,
  });
}

describeBrokerSink({
  name: 'RabbitMQ',
  async make() {
    const queue = freshName();
    // A broker that is killed right after a queue was made may have lost the queue, with all that it has confirmed.
    await withClient(rabbit, async (model) => {
      const channel = await model.createChannel();
      await channel.assertQueue(queue, { durable: true });
    });
    await rabbit.keepQueues();
    return {
      open: ({ log } = {}) => openSink(rabbitContext(rabbit, { queue }, log === undefined ? {} : { log })),
      // Taken out, looked at, and put back.
      messages: async () => {
        if (!(await hasQueue(rabbit, queue))) return [];
        const messages = (await drain(rabbit, queue)).map(({ content }) => content.toString('utf8'));
        await send(rabbit, queue, messages);
        return messages;
      },
    };
  },
  kill: () => rabbit.kill(),
  restart: () => rabbit.restart(),
});
