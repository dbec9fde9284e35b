/** Versions and specifiers of Python packages: https://packaging.python.org/en/latest/specifications/version-specifiers/ */

interface Version {
  readonly epoch: number;
  readonly release: readonly number[];
  /** Phase and number: -3 for a development release alone, a, b and rc below a final release, a post release above it. */
  readonly pre: readonly [number, number];
  readonly post: number;
  readonly dev: number;
  readonly local: string;
}

const pattern =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/i;
const phases: Readonly<Record<string, number>> = {
  a: 0,
  alpha: 0,
  b: 1,
  beta: 1,
  c: 2,
  rc: 2,
  pre: 2,
  preview: 2,
};

function parse(text: string): Version | undefined {
  const found = pattern.exec(text.trim());
  if (found === null) return undefined;
  const [
    ,
    epoch = '0',
    release = '',
    phase,
    phaseNumber,
    postNumber,
    post,
    postNamed,
    dev,
    devNumber,
    local = '',
  ] = found;
  const hasPost = postNumber !== undefined || post !== undefined;
  const isDev = dev !== undefined;
  const before = phase === undefined ? (isDev && !hasPost ? -1 : 3) : (phases[phase.toLowerCase()] ?? 2);
  return {
    epoch: Number(epoch),
    release: release.split('.').map(Number),
    pre: [before, Number(phaseNumber ?? 0)],
    post: hasPost ? Number(postNumber ?? (postNamed || 0)) : -1,
    dev: isDev ? Number(devNumber || 0) : Number.POSITIVE_INFINITY,
    local,
  };
}

/** Below 0 where `a` is older than `b`; what is no version is older than all that are. */
export function comparePythonVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  if (left === undefined || right === undefined)
    return Number(left !== undefined) - Number(right !== undefined);
  return (
    left.epoch - right.epoch ||
    compareNumbers(left.release, right.release) ||
    compareNumbers(left.pre, right.pre) ||
    left.post - right.post ||
    (left.dev === right.dev ? 0 : left.dev - right.dev) ||
    compareLocals(left.local, right.local)
  );
}

/** Whether it is a pre-release or a development release, which pip takes only where it is asked for one. */
export function isPythonPreRelease(version: string): boolean {
  const parsed = parse(version);
  return parsed !== undefined && (parsed.pre[0] < 3 || parsed.dev !== Number.POSITIVE_INFINITY);
}

/** Whether a version is among those that specifiers such as `>=2,<3` admit; undefined where they cannot be read. */
export function admitsPythonVersion(specifiers: string, version: string): boolean | undefined {
  let all = true;
  for (const one of specifiers.split(',').map((text) => text.trim())) {
    if (one === '') continue;
    const [, operator = '', bound = ''] = /^(===|==|!=|~=|>=|<=|>|<)\s*(\S+)$/.exec(one) ?? [];
    const verdict = holds(operator, bound, version);
    if (verdict === undefined) return undefined;
    all &&= verdict;
  }
  return all;
}

function holds(operator: string, bound: string, version: string): boolean | undefined {
  if (operator === '===') return bound === version;
  const prefix = /^(.*)\.\*$/.exec(bound)?.[1];
  const [wanted, found] = [parse(prefix ?? bound), parse(version)];
  if (wanted === undefined || found === undefined) return undefined;
  const inPrefix = (release: readonly number[]) =>
    found.epoch === wanted.epoch && release.every((number, index) => (found.release[index] ?? 0) === number);
  const sameRelease = found.epoch === wanted.epoch && compareNumbers(found.release, wanted.release) === 0;
  const order = comparePythonVersions(
    wanted.local === '' ? version.replace(/\+.*$/, '') : version,
    prefix ?? bound,
  );
  switch (operator) {
    case '==':
      return prefix === undefined ? order === 0 : inPrefix(wanted.release);
    case '!=':
      return prefix === undefined ? order !== 0 : !inPrefix(wanted.release);
    case '~=':
      return order >= 0 && inPrefix(wanted.release.slice(0, -1));
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0 && !(sameRelease && found.post >= 0 && wanted.post < 0);
    case '<':
      return order < 0 && !(sameRelease && isPythonPreRelease(version) && !isPythonPreRelease(bound));
    default:
      return undefined;
  }
}

/** Part by part: a number is above a word, and what goes on is above what ends. */
function compareLocals(left: string, right: string): number {
  const [a, b] = [left, right].map((local) => local.toLowerCase().split(/[-_.]/));
  for (let at = 0; at < Math.max(a?.length ?? 0, b?.length ?? 0); at++) {
    const [x = '', y = ''] = [a?.[at], b?.[at]];
    const [isX, isY] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    const order =
      isX && isY
        ? Number(x) - Number(y)
        : isX !== isY
          ? Number(isX) - Number(isY)
          : Number(x > y) - Number(x < y);
    if (order !== 0) return order;
  }
  return 0;
}

function compareNumbers(left: readonly number[], right: readonly number[]): number {
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
