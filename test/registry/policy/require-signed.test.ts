import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NstackError } from '../../../src/core/index.ts';
import { requireSigned } from '../../../src/registry/policy/require-signed.ts';
import { keepEvidence } from '../../../src/registry/signatures/evidence.ts';
import type { SigningKey } from '../../../src/registry/signatures/signing-key.ts';
import { signDigest } from '../../../src/registry/signatures/simple-signing.ts';
import { signingPair } from '../support/signing-pair.ts';

let folder: string;
let signer: SigningKey;
const signed = { service: 'acme/Clean', version: '1.0.0', imageId: `sha256:${'a'.repeat(64)}` };
const unsigned = { service: 'acme/Score', version: '1.0.0', imageId: `sha256:${'b'.repeat(64)}` };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nstack-policy-'));
  await mkdir(join(folder, 'keys'));
  for (const name of ['release', 'other']) {
    const pair = await signingPair();
    await writeFile(join(folder, `keys/${name}.pub`), pair.publicKey);
    if (name === 'release') signer = pair.signer;
  }
  const signatures = [signDigest(signer, signed.imageId, 'x')];
  await keepEvidence(join(folder, 'evidence'), signed.imageId, { manifest: undefined, signatures });
});
afterAll(() => rm(folder, { recursive: true }));

async function check(policy: string | undefined, images = [signed, unsigned], named = true): Promise<void> {
  const path = join(folder, 'policy.yaml');
  await rm(path, { force: true });
  if (policy !== undefined) await writeFile(path, policy);
  await requireSigned(images, { policy: { path, named }, evidence: join(folder, 'evidence') });
}

const refusal = (policy: string | undefined, images = [signed, unsigned]): Promise<NstackError> =>
  check(policy, images).then(
    () => expect.unreachable('it was let through'),
    (error: unknown) => (error instanceof NstackError ? error : expect.unreachable(String(error))),
  );

describe('a policy', () => {
  it('lets signed images run, and those that it says nothing of', async () => {
    await check('rules:\n  - services: [acme/Clean]\n    signedBy: [keys/release.pub]\n');
  });

  it('refuses an image without a signature, at the place of its rule and with the way out', async () => {
    const { code, message, diagnostics } = await refusal(
      '# who signs\nrules:\n  - services: ["acme/*"]\n    signedBy: [keys/release.pub]\n',
    );
    expect(code).toBe('signature-invalid');
    expect(message).toContain('acme/Score');
    expect(message).not.toContain('acme/Clean');
    expect(diagnostics).toMatchObject([
      {
        message: expect.stringContaining('acme/Score:1.0.0 must be signed by keys/release.pub'),
        place: { file: join(folder, 'policy.yaml'), line: 3, column: 5 },
        hint: expect.stringContaining('nstack pull'),
      },
    ]);
  });

  it.each(['*', 'ACME/*', '*Score', 'acme/Score'])('counts %s as a name that fits', async (glob) => {
    const policy = `rules:\n  - services: ["${glob}"]\n    signedBy: [keys/release.pub]\n`;
    expect((await refusal(policy, [unsigned])).code).toBe('signature-invalid');
  });

  it('is kept where one key of a rule has signed, and every rule that fits holds', async () => {
    await check('rules:\n  - services: ["*"]\n    signedBy: [keys/other.pub, keys/release.pub]\n', [signed]);
    const both = `rules:\n  - {services: ["*"], signedBy: [keys/release.pub]}\n  - {services: [acme/Clean], signedBy: [keys/other.pub]}\n`;
    expect((await refusal(both, [signed])).diagnostics).toMatchObject([
      { message: expect.stringContaining('other keys'), place: { line: 3 } },
    ]);
  });

  it.each([
    ['', 'no list "rules"'],
    ['rules: []\nrule: 1\n', 'unknown key'],
    ['rules:\n  - services: [a]\n', 'signedBy must be a list'],
    ['rules:\n  - services: [a]\n    signedBy: []\n', 'signedBy must be a list'],
    ['rules:\n  - services: []\n    signedBy: [keys/release.pub]\n', 'services must be a list'],
    ['rules:\n  - services: [a]\n    signedBy: [keys/none.pub]\n', 'keys/none.pub cannot be read'],
    ['rules:\n  - services: [a]\n    signedBy: [keys/release.pub]\n    signedby: 1\n', 'unknown key'],
  ])('with a fault lets nothing run: %j', async (policy, message) => {
    const error = await refusal(policy, []);
    expect(error.code).toBe('policy-invalid');
    expect(error.diagnostics.map((one) => one.message).join()).toContain(message);
  });

  it('that somebody named must be there; the usual one need not', async () => {
    expect((await refusal(undefined)).code).toBe('policy-invalid');
    await check(undefined, [unsigned], false);
  });
});
