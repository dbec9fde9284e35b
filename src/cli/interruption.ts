import { NstackError } from '../core/index.ts';

/**
 * Two signals: Ctrl-C (or SIGTERM, SIGHUP) aborts `signal`, so that work ends in order; the second time it aborts `force`, so that it ends
 * at once. A third ends the process as it stands; what that leaves behind is removed at the next start.
 */
export function interruption(): { readonly signal: AbortSignal; readonly force: AbortSignal } {
  const signal = new AbortController();
  const force = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      const reason = new NstackError('interrupted', `interrupted by ${name}`);
      if (force.signal.aborted) process.exit(130);
      (signal.signal.aborted ? force : signal).abort(reason);
    });
  }
  return { signal: signal.signal, force: force.signal };
}
