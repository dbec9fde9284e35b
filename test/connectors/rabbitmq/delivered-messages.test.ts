import type { ConsumeMessage } from 'amqplib';
import { describe, expect, it } from 'vitest';
import { createDeliveredMessages } from '../../../src/connectors/rabbitmq/delivered-messages.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';

const messageOf = (bytes: number) => ({ content: Buffer.allocUnsafeSlow(bytes) }) as ConsumeMessage;

describe('what is delivered and not read yet', () => {
  it('comes out in order, and is counted', () => {
    const delivered = createDeliveredMessages();
    const messages = [10, 20, 30].map(messageOf);
    for (const message of messages) delivered.add(message);
    expect([delivered.count, delivered.bytes]).toEqual([3, 60]);
    expect(delivered.next()).toBe(messages[0]);
    expect([delivered.count, delivered.bytes]).toEqual([2, 50]);
    expect([delivered.next(), delivered.next(), delivered.next()]).toEqual([
      messages[1],
      messages[2],
      undefined,
    ]);
    expect([delivered.count, delivered.bytes]).toEqual([0, 0]);
  });

  it('lets go of what was read, also where there is always something left', () => {
    const delivered = createDeliveredMessages();
    for (let n = 0; n < 4; n++) delivered.add(messageOf(1024 * 1024));
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    for (let n = 0; n < 100; n++) {
      delivered.add(messageOf(1024 * 1024));
      delivered.next();
    }
    collectGarbage();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024);
    expect(delivered.count).toBe(4);
  });
});
