import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConfirmWatch } from '../../../src/connectors/rabbitmq/confirm-watch.ts';

describe('a broker that confirms nothing', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function watch() {
    const lines: string[] = [];
    let waiting = 0;
    const watched = createConfirmWatch({
      shown: 'rabbitMQ/orders',
      unconfirmed: () => waiting,
      log: (line) => lines.push(line),
    });
    return { ...watched, lines, waits: (count: number) => (waiting = count) };
  }

  it('is told of after half a minute, and ever more rarely', () => {
    const { lines, waits, close } = watch();
    waits(3);
    vi.advanceTimersByTime(60_000);
    expect(lines).toEqual([
      'rabbitMQ/orders: the broker has confirmed nothing for 30 s; 3 messages wait for its word',
    ]);
    waits(1);
    vi.advanceTimersByTime(10 * 60_000);
    expect(lines.slice(1)).toEqual(
      [60, 120, 240, 480].map(
        (seconds) =>
          `rabbitMQ/orders: the broker has confirmed nothing for ${seconds} s; 1 message waits for its word`,
      ),
    );
    close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not one that confirms now and then, or has nothing to confirm', () => {
    const { lines, waits, confirmed, close } = watch();
    for (let minute = 0; minute < 10; minute++) {
      waits(5);
      vi.advanceTimersByTime(25_000);
      confirmed();
      waits(0);
      vi.advanceTimersByTime(60_000);
    }
    expect(lines).toEqual([]);
    close();
  });
});
