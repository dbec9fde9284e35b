import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NstackError, stateFolder } from '../../core/index.ts';
import type { ImageSignature } from './simple-signing.ts';

/**
 * Why an image can be trusted offline: a manifest that a registry held it under, and the signatures over that. Nothing here is believed; all of it is checked against
 * public keys each time. A signature over the image's own id needs no manifest.
 */
export interface Evidence {
  readonly manifest: Buffer | undefined;
  readonly signatures: readonly ImageSignature[];
}

/** The folder that evidence is kept in: below the state folder, so that a supervisor and whoever pulls for it share it. */
export function evidenceFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(stateFolder(env), 'evidence');
}

/** What is kept of an image, by its id; empty where there is nothing, or nothing that can be read. */
export async function readEvidence(folder: string, imageId: string): Promise<readonly Evidence[]> {
  const text = await readFile(fileOf(folder, imageId), 'utf8').catch(() => '[]');
  try {
    const kept: readonly KeptEvidence[] = JSON.parse(text);
    return kept.map(fromKept);
  } catch {
    return [];
  }
}

/** Adds to what is kept of an image. The same again changes nothing. Fails with `file-unwritable`. */
export async function keepEvidence(folder: string, imageId: string, evidence: Evidence): Promise<void> {
  const known = (await readEvidence(folder, imageId)).map(toKept);
  const { manifest, signatures } = toKept(evidence);
  const same = known.find((one) => one.manifest === manifest);
  const all = new Map(
    [...(same?.signatures ?? []), ...signatures].map((signature) => [JSON.stringify(signature), signature]),
  );
  const merged: KeptEvidence = { manifest, signatures: [...all.values()] };
  const file = fileOf(folder, imageId);
  const aside = `${file}.${process.pid}`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(aside, JSON.stringify([...known.filter((one) => one !== same), merged]), { mode: 0o600 });
    await rename(aside, file);
  } catch (cause) {
    throw new NstackError('file-unwritable', `what proves the image's origin cannot be kept in ${folder}`, {
      cause,
    });
  }
}

/** As a file holds it: base64. */
interface KeptEvidence {
  readonly manifest: string | null;
  readonly signatures: readonly { readonly payload: string; readonly signature: string }[];
}

function toKept({ manifest, signatures }: Evidence): KeptEvidence {
  return {
    manifest: manifest?.toString('base64') ?? null,
    signatures: signatures.map(({ payload, signature }) => ({
      payload: payload.toString('base64'),
      signature: signature.toString('base64'),
    })),
  };
}

function fromKept({ manifest, signatures }: KeptEvidence): Evidence {
  return {
    manifest: manifest === null ? undefined : Buffer.from(manifest, 'base64'),
    signatures: signatures.map(({ payload, signature }) => ({
      payload: Buffer.from(payload, 'base64'),
      signature: Buffer.from(signature, 'base64'),
    })),
  };
}

function fileOf(folder: string, imageId: string): string {
  return join(folder, `${imageId.replace(/[^A-Za-z0-9]+/g, '-')}.json`);
}
