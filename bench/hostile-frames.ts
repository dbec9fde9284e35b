/**
 * The hub's end of the bridge under frames that no service may send (test/support/hostile-frames.ts), from a seed: what each kind does, and whether anything crashes,
 * grows, is lost or gets past the hub. Each breach ends a peer; the next one gets what was with it.
 *
 *   node --expose-gc bench/hostile-frames.ts [--frames=1000000] [--seed=1]
 */
import { runHostile } from '../test/support/hostile-run.ts';
import { numberFlag } from './support/measure.ts';

const frames = numberFlag('frames', 1_000_000);
const seed = numberFlag('seed', 1);

function heap(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}

const warmed = Math.min(20_000, frames / 10);
await runHostile({ frames: warmed, seed: seed + 1 });
const before = heap();
const began = performance.now();
const report = await runHostile({
  frames,
  seed,
  onProgress(done) {
    if (done % 100_000 === 0) process.stderr.write(`${done.toLocaleString('en-US')} frames\n`);
  },
});
const seconds = (performance.now() - began) / 1000;
const growth = heap() - before;
const peak = process.resourceUsage().maxRSS / 1024;

const cell = (value: number) => value.toLocaleString('en-US');
const rows = [
  '| frames that are hostile | sent | ended the service |',
  '|---|---|---|',
  ...report.kinds.map(({ kind, frames: sent, ended }) => `| ${kind} | ${cell(sent)} | ${cell(ended)} |`),
  `| all | ${cell(report.frames)} | ${cell(report.peers - 1)} |`,
  '',
  '| messages answered | lost | smuggled | crashes | growth of the heap | peak memory |',
  '|---|---|---|---|---|---|',
  `| ${cell(report.messages)} | ${report.lost} | ${report.smuggled} | ${report.crashes} | ${growth.toFixed(1)} MB | ${peak.toFixed(0)} MB |`,
];
process.stdout.write(
  `${rows.join('\n')}\n\n${Math.round(report.frames / seconds).toLocaleString('en-US')} frames/s\n`,
);
for (const surprise of report.surprises) process.stdout.write(`unexpected: ${surprise}\n`);
if (report.lost + report.smuggled + report.crashes + report.surprises.length > 0) process.exitCode = 1;
