/**
 * A number for the bytes of a message's key, the same in every process: 32 bits, never 0, which stands for no key. Two keys may have one number; they are then worked
 * as if they were one. FNV-1a, mixed by the end of MurmurHash3, so that its lowest bits do as well as any: unlike the hash by which Kafka chooses partitions, it
 * spreads the keys of one partition.
 */
export function keyHash(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash === 0 ? 1 : hash;
}
