import type { ProgressListener } from './progress.ts';

/** The step of waiting for another build of the service, which most builds have not. */
export function waitingStep(onProgress: ProgressListener, name: string) {
  let running: { readonly step: string; readonly since: number } | undefined;
  const end = () => {
    if (running === undefined) return;
    const seconds = (performance.now() - running.since) / 1000;
    onProgress({ kind: 'end', step: running.step, seconds });
    running = undefined;
  };
  const begin = (pid: string) => {
    end();
    running = { step: `wait for process ${pid}, which is building ${name}`, since: performance.now() };
    onProgress({ kind: 'begin', step: running.step });
  };
  return { begin, end };
}
