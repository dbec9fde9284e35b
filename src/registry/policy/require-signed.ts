import { type Diagnostic, NstackError } from '../../core/index.ts';
import { readEvidence } from '../signatures/evidence.ts';
import { signedBy } from '../signatures/signed-by.ts';
import { loadPolicy } from './load-policy.ts';
import { type PolicyRule, ruleFits } from './policy.ts';
import type { PolicyFile } from './policy-file.ts';

/** An image that is about to run, by its id. */
export interface RunningImage {
  readonly service: string;
  readonly version: string;
  readonly imageId: string;
}

/**
 * Checks images against a policy, with what is kept of their signatures: nothing is asked of a network. Fails with `signature-invalid`, one finding for each rule that is not kept,
 * at the rule's place, or with `policy-invalid`.
 */
export async function requireSigned(
  images: readonly RunningImage[],
  { policy: file, evidence }: { readonly policy: PolicyFile; readonly evidence: string },
): Promise<void> {
  const policy = await loadPolicy(file);
  if (policy === undefined) return;
  const unique = [...new Map(images.map((image) => [image.imageId, image])).values()];
  const findings = await Promise.all(
    unique.map(async (image) => {
      const rules = policy.rules.filter((rule) => ruleFits(rule, image.service));
      const kept = rules.length === 0 ? [] : await readEvidence(evidence, image.imageId);
      return rules
        .filter(({ keys }) => signedBy(image.imageId, kept, keys).length === 0)
        .map((rule) =>
          finding(
            image,
            rule,
            kept.some(({ signatures }) => signatures.length > 0),
          ),
        );
    }),
  );
  const diagnostics = findings.flat();
  if (diagnostics.length === 0) return;
  const names = [...new Set(unique.filter((_, nth) => findings[nth]?.length).map(({ service }) => service))];
  throw new NstackError(
    'signature-invalid',
    `the policy ${policy.file} does not let ${names.join(', ')} run`,
    {
      diagnostics,
    },
  );
}

function finding({ service, version }: RunningImage, rule: PolicyRule, isSigned: boolean): Diagnostic {
  const keys = rule.keys.map((key) => key.file).join(' or ');
  const why = isSigned ? `its signatures are of other keys than ${keys}` : 'no signature of it is known here';
  return {
    code: 'not-signed',
    severity: 'error',
    message: `${service}:${version} must be signed by ${keys}, and ${why}`,
    place: rule.place,
    sourceLine: rule.sourceLine,
    hint: `pull it from the registry that holds its signature (nstack pull), or sign it: nstack signature sign ${service}:${version} --key=KEYFILE`,
  };
}
