/**
 * Orders two versions by the precedence of Semantic Versioning 2.0.0, section 11: negative where `a` comes first. A snapshot is a
 * pre-release of its version, so 1.2.0-SNAPSHOT stands before 1.2.0 and after 1.1.9. A text that is no version stands before all.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (left === undefined || right === undefined)
    return Number(left !== undefined) - Number(right !== undefined);
  return (
    compareLists(left.numbers, right.numbers) ||
    Number(left.labels.length === 0) - Number(right.labels.length === 0) ||
    compareLists(left.labels, right.labels)
  );
}

export function isVersion(text: string): boolean {
  return parseVersion(text) !== undefined;
}

interface Version {
  readonly numbers: readonly string[];
  readonly labels: readonly string[];
}

const pattern =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

/** The numbers and the labels of a version; undefined where it is none. */
export function parseVersion(text: string): Version | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, major = '', minor = '', patch = '', labels] = match;
  return { numbers: [major, minor, patch], labels: labels?.split('.') ?? [] };
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = compareParts(part, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Numbers by value, however many digits; words by their code units; a number before a word. */
function compareParts(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  if (!aIsNumber) return a < b ? -1 : Number(a > b);
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : Number(difference > 0n);
}
