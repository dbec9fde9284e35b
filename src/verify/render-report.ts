import { count, duration, sum } from '../client/index.ts';
import type { VerifyReport } from './report.ts';

/** The report for people: a table of the outputs, what was done, and the verdict last. */
export function renderReport(report: VerifyReport): string {
  const { outputs, deadLetters, leftovers, messages, sent, seconds, rate, run, faults, kills, injected } =
    report;
  const head = ['output', 'came out', 'lost', 'duplicated', 'reordered', 'foreign'];
  const rows = outputs.map((output) => [
    output.label,
    ...[output.arrived, output.lost, output.duplicated, output.reordered, output.foreign].map(count),
  ]);
  const lines = [
    ...aligned([head, ...rows]),
    '',
    `sent          ${count(sent)}${sent < messages ? ` of ${count(messages)}` : ''}`,
    `dead letters  ${count(deadLetters.count)}${deadLetters.foreign > 0 ? `, and ${count(deadLetters.foreign)} of foreign messages` : ''}`,
    `faults        ${injectedWords(report)}${injected.length < kills ? `, of ${count(kills)} asked for` : ''}`,
    `restarts      ${restartWords(report)}`,
    `leftovers     ${leftovers.length === 0 ? 'none' : count(leftovers.length)}`,
    `time          ${duration(seconds)}, ${count(rate)} messages/s`,
    ...outputs.flatMap(({ label, first }) =>
      Object.entries(first)
        .filter(([, numbers]) => numbers.length > 0)
        .map(([kind, numbers]) => `${kind}: ${numbers.join(', ')} (${label}, run ${run})`),
    ),
    ...[...Map.groupBy(deadLetters.first, ({ stage, message }) => `${stage}: ${message}`)].map(
      ([why, letters]) => `dead letters: ${why} (${letters.map(({ number }) => number).join(', ')})`,
    ),
    ...leftovers.map(({ kind, what }) => `left over, ${kind}: ${what}`),
    '',
    ...(faults.length === 0 ? [`passed: ${summary(report)}`] : faults.map((fault) => `failed: ${fault}`)),
  ];
  return `${lines.join('\n')}\n`;
}

/** `1,000 sent, 0 lost, 12 duplicated, 3 dead letters, 60 faults` */
export function summary({ outputs, sent, deadLetters, injected }: VerifyReport): string {
  const parts = [
    `${count(sent)} sent`,
    `${count(sum(outputs.map(({ lost }) => lost)))} lost`,
    `${count(sum(outputs.map(({ duplicated }) => duplicated)))} duplicated`,
    `${count(sum(outputs.map(({ reordered }) => reordered)))} reordered`,
    `${count(deadLetters.count)} dead letters`,
    `${count(injected.length)} faults`,
  ];
  return parts.join(', ');
}

/** `12 (7 service, 5 data-path)` */
export function injectedWords({ injected }: Pick<VerifyReport, 'injected'>): string {
  if (injected.length === 0) return 'none';
  const kinds = [...Map.groupBy(injected, ({ kind }) => kind)].map(
    ([kind, all]) => `${count(all.length)} ${kind}`,
  );
  return `${count(injected.length)} (${kinds.join(', ')})`;
}

/** `3 (2 its data path died (SIGKILL), 1 the port is taken)` */
function restartWords({ restarts }: VerifyReport): string {
  if (restarts.length === 0) return 'none';
  const reasons = [...Map.groupBy(restarts, ({ why }) => why)].map(
    ([why, all]) => `${count(all.length)} ${why}`,
  );
  return `${count(restarts.length)} (${reasons.join(', ')})`;
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}
