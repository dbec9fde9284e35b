/** A key as JSON usually writes it, quotes included. No key is the beginning of another. Other spellings are left to the slow check. */
export function keyBytes(name: string): readonly number[] {
  return [...Buffer.from(JSON.stringify(name))];
}

/** An expression: whether the bytes of a key stand at `p`, of which those before `from` have been looked at. The text ends at `n`. */
export function emitKeyTest(key: readonly number[], from = 0): string {
  const tests = key.slice(from).map((byte, index) => `b[p + ${from + index}] === ${byte}`);
  return tests.length === 0 ? 'true' : `p + ${key.length} <= n && ${tests.join(' && ')}`;
}

/** Statements that look for one of the keys at `p`: they set `f` to its index and move `p` past it, or leave both. A tree over the bytes. */
export function emitKeySearch(keys: readonly (readonly number[])[]): string {
  return search(
    keys.map((bytes, index) => ({ bytes, index })),
    0,
  );
}

interface Key {
  readonly bytes: readonly number[];
  readonly index: number;
}

function search(keys: readonly Key[], from: number): string {
  const [first, ...others] = keys;
  if (first === undefined) return '';
  if (others.length === 0) {
    return `if (${emitKeyTest(first.bytes, from)}) { f = ${first.index}; p += ${first.bytes.length}; }`;
  }
  let common = from;
  while (others.every(({ bytes }) => bytes[common] === first.bytes[common])) common++;
  const branches = Map.groupBy(keys, ({ bytes }) => bytes[common]);
  const cases = [...branches].map(([byte, group]) => `case ${byte}: ${search(group, common + 1)} break;`);
  const test = emitKeyTest(first.bytes.slice(0, common), from);
  return `if (${test} && p + ${common} < n) { switch (b[p + ${common}]) { ${cases.join('\n')} } }`;
}
