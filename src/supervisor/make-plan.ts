import { loadConnections, namedByConnections } from '../connectors/connections/index.ts';
import { connectors } from '../connectors/index.ts';
import { NstackError } from '../core/index.ts';
import type { ContainerEngine } from '../engine/index.ts';
import { listServices } from '../registry/index.ts';
import { type Plan, planWorkflow } from '../workflow/index.ts';

export interface PlanRequest {
  readonly text: string;
  /** Where the text is from, for messages. */
  readonly file: string;
  readonly connectionsFile: string;
  /** The definition that is meant, where the text has several. */
  readonly workflow?: string;
}

/** The plan of a workflow, checked against the registry, the connectors and the connections; `workflow-invalid` with every fault that was found. */
export async function makePlan(engine: ContainerEngine, request: PlanRequest): Promise<Plan> {
  const [services, { connections }] = await Promise.all([
    listServices(engine),
    loadConnections(request.connectionsFile, connectors),
  ]);
  const { plan, diagnostics } = planWorkflow(request.text, {
    services,
    connectors: namedByConnections(connectors, connections),
    connections,
    file: request.file,
    ...(request.workflow === undefined ? {} : { workflow: request.workflow }),
  });
  if (plan === undefined || diagnostics.some(({ severity }) => severity === 'error'))
    throw new NstackError('workflow-invalid', 'the workflow was not started', { diagnostics });
  return plan;
}
