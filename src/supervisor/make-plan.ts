import type { ContainerEngine } from '../engine/index.ts';
import { listServices } from '../registry/index.ts';
import { checkedPlan, type Plan } from '../workflow/index.ts';

export interface PlanRequest {
  readonly text: string;
  /** Where the text is from, for messages. */
  readonly file: string;
  readonly connectionsFile: string;
  /** The definition that is meant, where the text has several. */
  readonly workflow?: string;
}

/** The plan of a workflow over the services that are built now; fails as {@link checkedPlan} does. */
export async function makePlan(engine: ContainerEngine, request: PlanRequest): Promise<Plan> {
  const { text, file, connectionsFile, workflow } = request;
  const services = await listServices(engine);
  return checkedPlan({
    text,
    file,
    services,
    connectionsFile,
    ...(workflow === undefined ? {} : { workflow }),
  });
}
