import type { Limits } from '../../manifest/index.ts';
import { type Change, change } from './change.ts';

type Limit = keyof Limits;

const limits = [
  'memory',
  'cpu',
  'pids',
  'timeout',
  'startTimeout',
  'message',
] as const satisfies readonly Limit[];

/**
 * How the limits change. Only a lower `message` breaks by what is declared: messages that were accepted are refused. With less of the others a service
 * may fail, which nobody can know without running it.
 */
export function limitChanges(before: Limits, after: Limits): readonly Change[] {
  return limits.flatMap((limit) => {
    const [was, is] = [before[limit], after[limit]];
    if (was === is) return [];
    const text = `is ${amount(limit, is)}, and was ${amount(limit, was)}`;
    if (is > was) return [change('compatible', 'limit', limit, text)];
    const [severity, why] =
      limit === 'message'
        ? (['breaking', 'longer messages were accepted'] as const)
        : (['note', 'what took more before fails now'] as const);
    return [change(severity, 'limit', limit, `${text}: ${why}`)];
  });
}

function amount(limit: Limit, value: number): string {
  switch (limit) {
    case 'memory':
    case 'message':
      return bytes(value);
    case 'timeout':
    case 'startTimeout':
      return value % 1000 === 0 ? `${value / 1000} s` : `${value} ms`;
    case 'cpu':
    case 'pids':
      return String(value);
  }
}

/** As nstack.yaml writes it. */
function bytes(value: number): string {
  for (const [unit, size] of [
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ] as const)
    if (value % size === 0) return `${value / size} ${unit}`;
  return `${value} bytes`;
}
