import type { Limits } from './manifest.ts';
import type { LimitsShape } from './manifest-shape.ts';
import { parseDuration, parseSize } from './quantity.ts';
import type { Reporter } from './reporter.ts';
import { limitDefaults } from './schema.ts';

const MiB = 2 ** 20;
const hour = 3_600_000;

/** What each quantity may be, in bytes or milliseconds, and how a message says it. */
const bounds = {
  memory: { least: 16 * MiB, most: 2 ** 50, words: 'from 16MiB to 1048576GiB' },
  message: { least: 1024, most: 1024 * MiB, words: 'from 1KiB to 1GiB' },
  timeout: { least: 1, most: 24 * hour, words: 'from 1ms to 24h' },
  startTimeout: { least: 1, most: 24 * hour, words: 'from 1ms to 24h' },
} as const;

/** Limits with their defaults filled in, in bytes, cores, counts and milliseconds. */
export function readLimits(shape: LimitsShape, reporter: Reporter): Limits {
  const quantity = (key: keyof typeof bounds, parse: (value: string | number) => number | undefined) => {
    const value = shape[key];
    if (value === undefined || reporter.faulty(['limits', key])) return limitDefaults[key];
    const amount = parse(value);
    const { least, most, words } = bounds[key];
    if (amount !== undefined && amount >= least && amount <= most) return amount;
    reporter.report(['limits', key], 'wrong-value', `limits.${key} must be ${words}, found ${value}`);
    return limitDefaults[key];
  };
  return {
    memory: quantity('memory', parseSize),
    cpu: shape.cpu ?? limitDefaults.cpu,
    pids: shape.pids ?? limitDefaults.pids,
    timeout: quantity('timeout', parseDuration),
    startTimeout: quantity('startTimeout', parseDuration),
    message: quantity('message', parseSize),
  };
}
