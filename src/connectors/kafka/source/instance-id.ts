import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { OpenContext } from '../../connector.ts';

/**
 * The id under which a source comes back to its group after a crash (`group.instance.id`, KIP-345): the same for each start of a workflow in its state folder
 * on this machine, and nobody else's. Undefined for a workflow that does not come back.
 */
export function instanceIdOf(context: OpenContext): string | undefined {
  const { workflow, durable, stateFolder, parameters, node } = context;
  if (!durable || stateFolder === undefined) return undefined;
  // A workflow may read with several members of one group.
  const member = [node, ...Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))];
  const place = JSON.stringify([hostname(), resolve(stateFolder), member]);
  const hash = createHash('sha256').update(place).digest('hex').slice(0, 8);
  // Kafka allows the signs and the length of a topic's name.
  return `nstack-${workflow.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 200)}-${hash}`;
}
