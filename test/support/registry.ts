import { onTestFinished } from 'vitest';
import { runRegistry, type TestRegistryOptions } from './brokers/registry.ts';

export { registryUser } from './brokers/registry.ts';

/** Debian's docker-registry on a free port of this machine, gone when the test is over. Answers `127.0.0.1:PORT`. */
export async function startRegistry(options: TestRegistryOptions): Promise<string> {
  const { address, stop } = await runRegistry(options);
  onTestFinished(stop);
  return address;
}
