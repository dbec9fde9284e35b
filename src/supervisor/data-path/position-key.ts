import { findConnector } from '../../connectors/index.ts';
import type { Plan, SourceNode } from '../../workflow/index.ts';

/**
 * Names what a source reads, so that a position is never taken for one of something else; undefined where its position is not kept in the journal. Of sources
 * that read the same, each has a name of its own.
 */
export function positionKey(plan: Plan, node: SourceNode): string | undefined {
  if (!isRememberedHere(node)) return undefined;
  const name = nameOf(node);
  const before = plan.nodes.slice(0, plan.nodes.indexOf(node));
  const twins = before.filter((other) => other.kind === 'source' && nameOf(other) === name).length;
  return twins === 0 ? name : `${name} (${twins + 1})`;
}

function isRememberedHere({ from }: SourceNode): boolean {
  return from.kind === 'service' || findConnector(from.connector)?.source?.remembers === 'nstack';
}

function nameOf({ from }: SourceNode): string {
  const name = from.kind === 'service' ? `${from.service}.${from.function}` : from.connector;
  return `${name} ${JSON.stringify(from.parameters)}`;
}
