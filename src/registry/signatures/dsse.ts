import type { PublicKey } from './public-key.ts';
import type { SigningKey } from './signing-key.ts';

/** Media type of a statement about software (in-toto attestation framework). */
export const inTotoType = 'application/vnd.in-toto+json';
export const envelopeType = 'application/vnd.dsse.envelope.v1+json';

/** A signed statement (Dead Simple Signing Envelope 1.0), as JSON has it: base64 texts. */
interface Envelope {
  readonly payloadType: string;
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** The envelope of an in-toto statement, signed. */
export function signStatement(key: SigningKey, statement: Uint8Array): Buffer {
  const envelope: Envelope = {
    payloadType: inTotoType,
    payload: Buffer.from(statement).toString('base64'),
    signatures: [{ keyid: '', sig: key.sign(preAuthenticated(inTotoType, statement)).toString('base64') }],
  };
  return Buffer.from(JSON.stringify(envelope));
}

/** The statement in an envelope, where one of its signatures is the key's; undefined otherwise. */
export function openStatement(key: PublicKey, envelope: Uint8Array): Buffer | undefined {
  try {
    const { payloadType, payload, signatures }: Envelope = JSON.parse(Buffer.from(envelope).toString('utf8'));
    const bytes = Buffer.from(payload, 'base64');
    const signed = preAuthenticated(payloadType, bytes);
    return signatures.some(({ sig }) => key.verifies(signed, Buffer.from(sig, 'base64'))) ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** What is signed: type and payload with their lengths, so that neither can be taken for a part of the other. */
function preAuthenticated(type: string, payload: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `),
    payload,
  ]);
}
