import { expect, it } from 'vitest';
import { unlessAborted } from '../../src/core/index.ts';

it('work answers or fails by itself, unless it is given up', async () => {
  const { signal } = new AbortController();
  expect(await unlessAborted(Promise.resolve(1), signal)).toBe(1);
  await expect(unlessAborted(Promise.reject(new Error('own')), signal)).rejects.toThrow('own');
});

it("work that is given up, before or while it goes on, fails with the reason, and what comes of it later is nobody's news", async () => {
  const late = Promise.withResolvers<never>();
  const controller = new AbortController();
  const given = unlessAborted(late.promise, controller.signal);
  controller.abort(new Error('enough'));
  await expect(given).rejects.toThrow('enough');
  await expect(unlessAborted(late.promise, controller.signal)).rejects.toThrow('enough');
  late.reject(new Error('late'));
  await new Promise((resolve) => setImmediate(resolve));
});
