import { NstackError } from '../core/index.ts';

/**
 * A signal that the first Ctrl-C (or SIGTERM, SIGHUP) aborts, so that work ends in order. The second one ends the process at once;
 * what it leaves behind is removed at the next start.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(new NstackError('interrupted', `interrupted by ${name}`));
    });
  }
  return controller.signal;
}
