import { loadConnections } from '../connectors/connections/read-connections.ts';
import { type Connector, connectors, findConnector, type OpenContext } from '../connectors/index.ts';
import { type Diagnostic, NstackError } from '../core/index.ts';
import type { RegisteredService } from '../registry/index.ts';
import type { ConnectorPlan, Plan } from './plan.ts';
import { planWorkflow } from './plan-workflow.ts';

export interface CheckedPlanRequest {
  readonly text: string;
  /** Where the text is from, for messages. */
  readonly file: string;
  readonly services: readonly RegisteredService[];
  /** Absolute path; the file need not be there. */
  readonly connectionsFile: string;
  /** The definition that is meant, where the text has several. */
  readonly workflow?: string;
  /** Told of what the connections file is warned of, where it is. */
  onWarnings?(warnings: readonly Diagnostic[]): void;
}

/**
 * The plan of a workflow over the connectors that nstack has and the connections of a file. Fails with `workflow-invalid`, which carries every fault that was
 * found, or with `connection-invalid`.
 */
export async function checkedPlan(request: CheckedPlanRequest): Promise<Plan> {
  const { text, file, services, connectionsFile, workflow } = request;
  const { connections, diagnostics: warnings } = await loadConnections(connectionsFile, connectors);
  request.onWarnings?.(warnings);
  const world = { services, connectors, connections, file };
  const { plan, diagnostics } = planWorkflow(text, workflow === undefined ? world : { ...world, workflow });
  if (plan === undefined)
    throw new NstackError('workflow-invalid', 'the workflow was not started', { diagnostics });
  return plan;
}

/** Asks the ends of a plan that need no network for faults known before the start, such as a missing file. Fails with NstackError of the first. */
export async function checkLocalEnds(plan: Plan, folder: string): Promise<void> {
  for (const node of plan.nodes) {
    if (node.kind === 'sink') await checkEnd(findConnector(node.into.connector), 'sink', node.into);
    else if (node.kind === 'source' && node.from.kind === 'connector')
      await checkEnd(findConnector(node.from.connector), 'source', node.from);
  }

  async function checkEnd(connector: Connector | undefined, side: 'source' | 'sink', end: ConnectorPlan) {
    if (end.connection !== undefined) return;
    const context: OpenContext = {
      parameters: end.parameters,
      type: end.type,
      format: end.format,
      folder,
      messageLimit: Number.MAX_SAFE_INTEGER,
      workflow: plan.name,
      durable: false,
    };
    await connector?.[side]?.check(context);
  }
}
