/**
 * Whether a version is among those that a package asks for, in the words of Cabal without white space: `>=0.13&&<0.14`, `==1.2.*`,
 * `^>={0.12,0.13}`, `(>1||==0.9)`; empty means any. Undefined where the words cannot be read.
 */
export function allows(versions: string, version: string): boolean | undefined {
  if (versions === '') return true;
  const words =
    versions.match(/\|\||&&|[()]|\^>=|[<>=]=|[<>]|-any|\{[^}]*\}|\d+(?:\.\d+)*(?:\.\*)?|./g) ?? [];
  let at = 0;

  function either(): boolean | undefined {
    let found = both();
    while (words[at] === '||') {
      at++;
      const next = both();
      found = found === undefined || next === undefined ? undefined : found || next;
    }
    return found;
  }
  function both(): boolean | undefined {
    let found = one();
    while (words[at] === '&&') {
      at++;
      const next = one();
      found = found === undefined || next === undefined ? undefined : found && next;
    }
    return found;
  }
  function one(): boolean | undefined {
    const word = words[at++];
    if (word === '-any') return true;
    if (word === '(') {
      const found = either();
      return words[at++] === ')' ? found : undefined;
    }
    const operand = words[at++] ?? '';
    const each = operand.startsWith('{') ? operand.slice(1, -1).split(',') : [operand];
    if (!each.every((bound) => /^\d+(?:\.\d+)*(?:\.\*)?$/.test(bound))) return undefined;
    const verdicts = each.map((bound) => compare(word, bound, version));
    return verdicts.includes(undefined) ? undefined : verdicts.includes(true);
  }

  const found = either();
  return at < words.length ? undefined : found;
}

function compare(operator: string | undefined, bound: string, version: string): boolean | undefined {
  const numbers = bound.replace(/\.\*$/, '');
  const order = orderOf(version, numbers);
  switch (operator) {
    case '==':
      return bound.endsWith('*') ? `${version}.`.startsWith(`${numbers}.`) : order === 0;
    case '>=':
      return order >= 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '<':
      return order < 0;
    case '^>=':
      return order >= 0 && major(version) === major(numbers);
    default:
      return undefined;
  }
}

/** The two numbers that a change of a library's face must raise (https://pvp.haskell.org). */
function major(version: string): string {
  const [first = '0', second = '0'] = version.split('.');
  return `${first}.${second}`;
}

function orderOf(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? -1) - (right[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The upstream part of a Debian version: `0.13.1.0` of `1:0.13.1.0+ds-3+b1`. */
export function upstreamVersion(debian: string): string {
  return /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(debian)?.[1] ?? '';
}
