import { onTestFinished } from 'vitest';
import { type CountingProxy, runCountingProxy } from './brokers/counting-proxy.ts';

/** A proxy that counts what goes to a registry, gone when the test is over. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const proxy = await runCountingProxy(target);
  onTestFinished(() => proxy.close());
  return proxy;
}
