import type { Assignment } from '../client/membership.ts';

/**
 * Shares out the partitions of each topic among those who ask for it, in ranges, as Java's RangeAssignor does: members in the order of their ids,
 * the first ones get one partition more where it does not come out even.
 */
export function assignRange(
  members: readonly { readonly memberId: string; readonly topics: readonly string[] }[],
  partitions: ReadonlyMap<string, readonly number[]>,
): Map<string, Assignment> {
  const shares = new Map<string, Record<string, readonly number[]>>(
    members.map(({ memberId }) => [memberId, {}]),
  );
  for (const [topic, ids] of partitions) {
    const takers = members
      .filter(({ topics }) => topics.includes(topic))
      .map(({ memberId }) => memberId)
      .sort();
    const least = Math.floor(ids.length / takers.length);
    const more = ids.length % takers.length;
    let at = 0;
    for (const [index, taker] of takers.entries()) {
      const share = ids.slice(at, at + least + (index < more ? 1 : 0));
      at += share.length;
      const assignment = shares.get(taker);
      if (share.length > 0 && assignment !== undefined) assignment[topic] = share;
    }
  }
  return shares;
}
