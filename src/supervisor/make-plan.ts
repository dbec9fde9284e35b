import type { ContainerEngine } from '../engine/index.ts';
import { listServices } from '../registry/list-services.ts';
import { checkedPlan, type Plan } from '../workflow/index.ts';
import { requireTrusted, type Trust } from './require-trusted.ts';

export interface PlanRequest {
  readonly text: string;
  /** Where the text is from, for messages. */
  readonly file: string;
  readonly connectionsFile: string;
  readonly trust: Trust;
  /** The definition that is meant, where the text has several. */
  readonly workflow?: string;
}

/** The plan of a workflow over the services that are built now; fails as {@link checkedPlan} and {@link requireTrusted} do. */
export async function makePlan(engine: ContainerEngine, request: PlanRequest): Promise<Plan> {
  const { text, file, connectionsFile, trust, workflow } = request;
  const services = await listServices(engine);
  const plan = await checkedPlan({
    text,
    file,
    services,
    connectionsFile,
    ...(workflow === undefined ? {} : { workflow }),
  });
  await requireTrusted(plan, trust);
  return plan;
}
