import { NstackError } from '../core/index.ts';
import type { ConnectorPlan, Plan } from '../workflow/index.ts';

/** The ends of a workflow that an audit stands at, and what lies between them. */
export interface AuditedEnds {
  readonly input: ConnectorPlan;
  readonly inputLabel: string;
  readonly outputs: readonly AuditedOutput[];
  /** True names of the services. */
  readonly services: ReadonlySet<string>;
}

export interface AuditedOutput {
  readonly label: string;
  readonly into: ConnectorPlan;
  /** Labels of the nodes whose messages end here: what one of them gave up need not arrive. */
  readonly before: ReadonlySet<string>;
}

/** Throws `usage` where there is not one source that can be written to, or a sink that cannot be read. */
export function auditedEnds(plan: Plan): AuditedEnds {
  const [source, second] = plan.nodes.filter((node) => node.kind === 'source');
  if (source === undefined || second !== undefined)
    throw new NstackError('usage', 'an audit needs a workflow with one source', {
      hint: 'Audit its parts one by one.',
    });
  if (source.from.kind === 'service')
    throw unusable(source.label, 'the service makes its messages itself, and none can be put in');
  if (!['file', 'kafka', 'rabbitMQ', 'http'].includes(source.from.connector))
    throw unusable(source.label, 'no input can be written there');
  const outputs = plan.nodes.flatMap((node, index): readonly AuditedOutput[] => {
    if (node.kind !== 'sink') return [];
    if (!['file', 'kafka', 'rabbitMQ', 'http'].includes(node.into.connector))
      throw unusable(node.label, 'what is written there cannot be read again');
    return [{ label: node.label, into: node.into, before: labelsBefore(plan, index) }];
  });
  if (outputs.length === 0) throw new NstackError('usage', 'the workflow has no sink that could be read');
  const services = plan.nodes.flatMap((node) => (node.kind === 'stage' ? [node.service.service] : []));
  return { input: source.from, inputLabel: source.label, outputs, services: new Set(services) };
}

function labelsBefore({ nodes }: Plan, sink: number): ReadonlySet<string> {
  const labels = new Set<string>();
  const reaches = new Set([sink]);
  // Messages go to later nodes only, so that one way back finds all.
  for (let index = sink; index >= 0; index--) {
    const node = nodes[index];
    if (node === undefined) continue;
    if (node.kind !== 'sink' && node.to.some((to) => reaches.has(to))) reaches.add(index);
    if (reaches.has(index) && 'label' in node) labels.add(node.label);
  }
  return labels;
}

function unusable(label: string, why: string): NstackError {
  return new NstackError('usage', `${label}: ${why}`, {
    hint: 'Put file, kafka, rabbitMQ or http in its place for the audit: --source and --sink do so.',
  });
}
