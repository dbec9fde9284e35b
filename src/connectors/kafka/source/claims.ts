import type { CommittedOffset } from '../client/group-requests.ts';
import type { Fetched, RecordCursor } from '../records/record-cursor.ts';

/** Where a partition stands after a batch. `claim` tells what was read before the partition went to another member and came back from what was read after. */
export interface KafkaPosition {
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly claim: number;
}

/** A partition that is ours to read, and how far it has come. All offsets are those of the next message. */
export interface Claim {
  readonly partition: number;
  readonly claim: number;
  /** What the next fetch asks for. */
  fetched: number;
  /** What was fetched and not read yet. */
  readonly waiting: { readonly chunk: Fetched; readonly from: number }[];
  cursor: RecordCursor | undefined;
  /** Bytes of the chunk that the cursor reads. */
  cursorBytes: number;
  /** Up to here it was read, and up to here of that was handed over. */
  read: number;
  handedOver: number;
  confirmed: number;
  committed: number;
  leaderEpoch: number;
  /** The end of what may be read, as the broker said last. */
  end: number;
}

export interface Claims {
  readonly all: ReadonlyMap<number, Claim>;
  /** Makes the partitions ours, from these offsets on, beside those that are. */
  add(starts: readonly CommittedOffset[]): void;
  /** Gives up all but these. */
  keepOnly(partitions: ReadonlySet<number>): void;
  /** What a batch of the present claim confirms; false where the partition is not ours any more. */
  confirm(partition: number, position: KafkaPosition): boolean;
  owns(partition: number, position: KafkaPosition): boolean;
  /** What was confirmed and not committed yet. */
  uncommitted(): readonly CommittedOffset[];
  committed(offsets: readonly CommittedOffset[]): void;
  /** Whether everything that was handed over is confirmed. */
  areConfirmed(): boolean;
}

export function createClaims(): Claims {
  const all = new Map<number, Claim>();
  let made = 0;

  function ours(partition: number, { claim }: KafkaPosition): Claim | undefined {
    const found = all.get(partition);
    return found?.claim === claim ? found : undefined;
  }

  return {
    all,
    add(starts) {
      for (const { partition, offset, leaderEpoch } of starts)
        all.set(partition, {
          partition,
          claim: ++made,
          fetched: offset,
          waiting: [],
          cursor: undefined,
          cursorBytes: 0,
          read: offset,
          handedOver: offset,
          confirmed: offset,
          committed: offset,
          leaderEpoch,
          end: offset,
        });
    },
    keepOnly(partitions) {
      for (const partition of all.keys()) if (!partitions.has(partition)) all.delete(partition);
    },
    confirm(partition, position) {
      const found = ours(partition, position);
      if (found === undefined) return false;
      found.confirmed = Math.max(found.confirmed, position.offset);
      found.leaderEpoch = position.leaderEpoch;
      return true;
    },
    owns: (partition, position) => ours(partition, position) !== undefined,
    uncommitted() {
      const due: CommittedOffset[] = [];
      for (const claim of all.values()) {
        // Behind the last message there may be markers and gaps, which nobody has to confirm.
        const offset = claim.confirmed === claim.handedOver ? claim.read : claim.confirmed;
        const { partition, leaderEpoch } = claim;
        if (offset > claim.committed) due.push({ partition, offset, leaderEpoch });
      }
      return due;
    },
    committed(offsets) {
      for (const { partition, offset } of offsets) {
        const claim = all.get(partition);
        if (claim !== undefined) claim.committed = Math.max(claim.committed, offset);
      }
    },
    areConfirmed: () => [...all.values()].every(({ confirmed, handedOver }) => confirmed === handedOver),
  };
}
