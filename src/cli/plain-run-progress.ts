import {
  count,
  createMeasurer,
  duration,
  type ServiceLog,
  sum,
  type WorkflowStatus,
} from '../client/index.ts';

/** Milliseconds between two lines. */
const interval = 2_000;

/** Progress of a run as plain lines, for CI and pipes. */
export function printRunProgress(stderr: NodeJS.WritableStream) {
  const measure = createMeasurer();
  let shown = 0;
  return {
    show(status: WorkflowStatus): void {
      const measures = measure(status);
      if (status.phase === 'ended' || status.elapsed - shown < interval) return;
      shown = status.elapsed;
      const stages = status.stages.map(({ label, out }) => `${label} ${count(out)}`);
      const parts = [
        ...(measures.share === undefined ? [] : [`${Math.floor(measures.share * 100)}%`]),
        `${count(sum(status.sources.map((source) => source.in)))} read`,
        ...stages,
        `${count(sum(status.sinks.map((sink) => sink.out)))} confirmed`,
        ...(status.deadLetters > 0 ? [`${count(status.deadLetters)} dead letters`] : []),
        `${count(measures.rate)} messages/s`,
        ...(measures.eta === undefined ? [] : [`${duration(measures.eta)} to go`]),
      ];
      stderr.write(`${parts.join(', ')}\n`);
    },
    log(entry: ServiceLog): void {
      stderr.write(`${entry.stage} ${entry.level}: ${entry.message}\n`);
    },
    close(): void {},
  };
}
