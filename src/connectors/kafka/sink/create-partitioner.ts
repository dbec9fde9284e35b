import { murmur2 } from './murmur2.ts';
import type { Partitioner } from './outgoing.ts';

/** Messages without a key stay with a partition for as many bytes, so that batches are large, then go to the next. */
const stay = 64 * 1024;

/** Keys go where Kafka's own clients put them; `fixed` sends everything to one partition. */
export function createPartitioner(count: () => number, fixed: number | undefined): Partitioner {
  let current = Math.floor(Math.random() * 1024);
  let since = 0;
  return {
    ofKey: (key) => fixed ?? murmur2(key) % count(),
    ofNone(bytes) {
      if (fixed !== undefined) return fixed;
      since += bytes;
      if (since > stay) {
        current++;
        since = bytes;
      }
      return current % count();
    },
  };
}
