import type { PolicyFile, RunningImage } from '../registry/index.ts';
import { requireSigned } from '../registry/policy/require-signed.ts';
import type { Plan, ServicePlan } from '../workflow/index.ts';

/** What a plan's images are checked against before they run. */
export interface Trust {
  readonly policy: PolicyFile;
  /** The folder of what is kept of signatures. */
  readonly evidence: string;
}

/** Checks every image that a plan would start, by the very ids that it is pinned to. Fails with `signature-invalid` or `policy-invalid`. */
export async function requireTrusted(plan: Plan, trust: Trust): Promise<void> {
  await requireSigned(servicesOf(plan).map(imageOf), trust);
}

function servicesOf({ nodes }: Plan): readonly ServicePlan[] {
  return nodes.flatMap((node): readonly ServicePlan[] => {
    switch (node.kind) {
      case 'stage':
        return [node.service];
      case 'source':
        return node.from.kind === 'service' ? [node.from] : [];
      case 'concat':
      case 'filter':
      case 'sink':
        return [];
      default:
        return node satisfies never;
    }
  });
}

function imageOf({ service, version, image }: ServicePlan): RunningImage {
  return { service, version, imageId: image };
}
