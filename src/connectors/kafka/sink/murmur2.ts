/** Austin Appleby's MurmurHash2 with the seed of Kafka's Java producer, so that keys land where any Kafka client puts them. Not negative. */
export function murmur2(bytes: Uint8Array): number {
  const m = 0x5bd1e995;
  const n = bytes.length;
  let h = 0x9747b28c ^ n;
  let at = 0;
  for (; at + 4 <= n; at += 4) {
    let k =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    h = Math.imul(h, m) ^ Math.imul(k, m);
  }
  const left = n - at;
  if (left >= 3) h ^= (bytes[at + 2] as number) << 16;
  if (left >= 2) h ^= (bytes[at + 1] as number) << 8;
  if (left >= 1) h = Math.imul(h ^ (bytes[at] as number), m);
  h ^= h >>> 13;
  h = Math.imul(h, m);
  h ^= h >>> 15;
  return h & 0x7fffffff;
}
