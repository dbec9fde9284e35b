import type { Validator } from '../types/index.ts';
import type { Failed, Results } from './cut-misfits.ts';
import { readElements, type Span } from './json-spans.ts';
import { readRpcError } from './rpc-error.ts';

/**
 * The array is JSON, and yet the validator refuses it: one of the results is nested too deeply, has too many digits or half of a surrogate
 * pair. That is the result's fault, not the service's: each is looked at by itself.
 */
export function checkEach(
  frame: Buffer,
  items: Span,
  { validator, count }: { readonly validator: Validator; readonly count: number },
): Results {
  const elements = readElements(frame, items, count);
  // More than were asked are a breach whatever they hold: checking them would be the service's way to keep the hub busy.
  if (elements.length > count) return { count: elements.length, starts: [], ends: [], misfits: [] };
  const misfits = elements.flatMap(({ start, end }, index) => {
    const fault = validator.check(frame, start, end);
    return fault === undefined ? [] : [{ index, fault }];
  });
  return {
    count: elements.length,
    starts: elements.map(({ start }) => start),
    ends: elements.map(({ end }) => end),
    misfits,
  };
}

/** The `failed` of an answer to `what`, whose indices rise and are below `count`; in words why it is a breach. */
export function readFailed(value: unknown, count: number, what: string): readonly Failed[] | string {
  if (!Array.isArray(value)) return `answered ${what} with failed that is no array`;
  const failed: Failed[] = [];
  let last = -1;
  for (const entry of value as unknown[]) {
    const { index, error } =
      typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : {};
    const rpc = readRpcError(error);
    if (typeof index !== 'number' || !Number.isInteger(index) || index <= last || index >= count)
      return `answered ${what} of ${count} with a failure whose index is not among them, or does not rise`;
    if (rpc === undefined) return `answered ${what} with a failure without a JSON-RPC error`;
    last = index;
    failed.push({ index, error: rpc });
  }
  return failed;
}

/** A copy, since the scanner's own array holds the next frame's offsets before anyone has looked at these. */
export function shifted(offsets: ArrayLike<number>, count: number, by: number): Int32Array {
  const copy = new Int32Array(count);
  for (let index = 0; index < count; index++) copy[index] = (offsets[index] ?? 0) - by;
  return copy;
}
