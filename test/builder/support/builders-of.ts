import { builderLabel } from '../../../src/engine/index.ts';
import { docker } from '../../support/nstack.ts';

/** Names of the warm builders of a service that there are, running or not. */
export async function buildersOf(service: string): Promise<readonly string[]> {
  const filter = ['--filter', `label=${builderLabel}=${service}`];
  const out = await docker('ps', '-a', ...filter, '--format', '{{.Names}}');
  return out === '' ? [] : out.split('\n');
}
