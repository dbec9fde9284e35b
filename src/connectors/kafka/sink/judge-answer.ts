import type { PartitionProduced } from '../client/data-requests.ts';
import { typeOfCode } from '../client/protocol-error.ts';
import { type Outgoing, pickOutgoing, settle } from './outgoing.ts';

/** What a broker's answer to a batch asks for. */
export type Verdict =
  | { readonly kind: 'written' }
  /** Some messages are given up, and settled; the rest goes again as these batches. */
  | { readonly kind: 'split'; readonly rest: readonly Outgoing[] }
  /** The broker has lost or refuses our sequence: another identity is needed. */
  | { readonly kind: 'identity' }
  /** Again, perhaps to another broker. */
  | { readonly kind: 'again' };

const identityTypes = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'INVALID_TXN_STATE',
]);
/** PRODUCER_FENCED and TRANSACTION_ABORTABLE, which kafkajs does not know. */
const identityCodes = new Set([90, 120]);

export function judgeAnswer(
  batch: Outgoing,
  { errorCode, recordErrors, message }: PartitionProduced,
): Verdict {
  if (errorCode === 0) return { kind: 'written' };
  const type = typeOfCode(errorCode);
  // An earlier try was written, but its answer lost.
  if (type === 'DUPLICATE_SEQUENCE_NUMBER') return { kind: 'written' };
  if (type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE')
    return split(batch, 'the broker says that the message is too large (max.message.bytes of the topic)');
  if (type === 'INVALID_RECORD' || type === 'INVALID_TIMESTAMP') {
    if (recordErrors.length === 0)
      return split(batch, message ?? 'the broker says that the message is invalid');
    const reasons = new Map(
      recordErrors.map((each) => [
        each.index,
        each.message ?? message ?? 'the broker says that the message is invalid',
      ]),
    );
    for (const [index, reason] of reasons)
      settle(
        pickOutgoing(batch, (at) => at === index),
        reason,
      );
    const rest = pickOutgoing(batch, (index) => !reasons.has(index));
    return { kind: 'split', rest: rest.indexes.length === 0 ? [] : [rest] };
  }
  if (identityTypes.has(type) || identityCodes.has(errorCode)) return { kind: 'identity' };
  return { kind: 'again' };
}

/** In two, so that the one to blame is found. */
function split(batch: Outgoing, reason: string): Verdict {
  const count = batch.indexes.length;
  if (count === 1) {
    settle(batch, reason);
    return { kind: 'split', rest: [] };
  }
  const half = count >> 1;
  return {
    kind: 'split',
    rest: [pickOutgoing(batch, (at) => at < half), pickOutgoing(batch, (at) => at >= half)],
  };
}
