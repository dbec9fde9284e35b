/** Fewer parts that still show it: runs of them are left out, long ones first, while `shows` says so. At most so many are tried. */
export async function shrink<T>(
  parts: readonly T[],
  shows: (fewer: readonly T[]) => Promise<boolean>,
  most = 2_000,
): Promise<readonly T[]> {
  let fewest = parts;
  let tried = 0;
  for (let size = Math.ceil(parts.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < fewest.length && tried < most; ) {
      const fewer = [...fewest.slice(0, at), ...fewest.slice(at + size)];
      tried++;
      if (await shows(fewer)) fewest = fewer;
      else at += size;
    }
  }
  return fewest;
}
