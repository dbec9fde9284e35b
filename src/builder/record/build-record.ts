import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { writeWhole } from '../write-whole.ts';
import type { ExplainedLayer, InputPart } from './input-parts.ts';

/** What making a layer cost when it was made last. */
export interface LayerCost {
  readonly layer: ExplainedLayer;
  /** Undefined where it took none of its own. */
  readonly seconds?: number;
  /** Of its tar; undefined where it is no layer of the image, or the engine made it. */
  readonly bytes?: number;
}

/** What the last build of a service on this machine was made of. */
export interface BuildRecord {
  /** The label `io.nstack.inputs` of the image: another one there was built elsewhere. */
  readonly inputs: string;
  readonly parts: readonly InputPart[];
  readonly costs: readonly LayerCost[];
}

/** Raised whenever the shape, or the meaning of a part, changes. */
const format = 2;

/** The record of the image that has these inputs; undefined where it was built elsewhere, or too long ago. */
export async function readRecord(reference: string, inputs: string): Promise<BuildRecord | undefined> {
  try {
    const { format: found, record } = JSON.parse(await readFile(await fileOf(reference), 'utf8'));
    return found === format && record.inputs === inputs ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the record of the image with that reference. Failing is no reason for a build to fail: an explanation will have less to tell. */
export async function writeRecord(reference: string, record: BuildRecord): Promise<void> {
  await writeWhole(await fileOf(reference), JSON.stringify({ format, record })).catch(() => {});
}

async function fileOf(reference: string): Promise<string> {
  const digest = createHash('sha256').update(reference).digest('hex').slice(0, 32);
  return join(await cacheFolder(), 'records', `${digest}.json`);
}
