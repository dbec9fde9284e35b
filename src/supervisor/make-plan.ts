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
  const services = await listServices(engine);
  const { plan, diagnostics } = planWorkflow(request.text, {
    services,
    connectors,
    file: request.file,
    ...(request.workflow === undefined ? {} : { workflow: request.workflow }),
  });
  refuse(diagnostics, 'the workflow was not started', 'workflow-invalid');
  if (plan === undefined) throw new Error('no plan, and no reason');
  return plan;
}

function refuse(
  diagnostics: NonNullable<NonNullable<ConstructorParameters<typeof NstackError>[2]>['diagnostics']>,
  message: string,
  code: 'connection-invalid' | 'workflow-invalid',
): void {
  if (diagnostics.some(({ severity }) => severity === 'error'))
    throw new NstackError(code, message, { diagnostics });
}
