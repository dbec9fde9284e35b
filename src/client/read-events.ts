import type { IncomingMessage } from 'node:http';
import { NstackError } from '../core/index.ts';
import type { SupervisorEvent } from '../workflow/index.ts';
import type { SupervisorAddress } from './supervisor-address.ts';

/** Milliseconds without a line after which the supervisor is taken for gone: it writes an empty one every 15 seconds. */
const longestSilence = 45_000;

/** The events of a stream of lines. The request is sent with the first that is asked for. */
export async function* readEvents(
  open: () => Promise<IncomingMessage>,
  { shown }: SupervisorAddress,
  signal: AbortSignal | undefined,
): AsyncGenerator<SupervisorEvent> {
  const response = await open();
  response.setEncoding('utf8');
  // The response's own time limit counts from the last byte that came.
  response.setTimeout(longestSilence, () => response.destroy(new Error('it has fallen silent')));
  let rest = '';
  try {
    for await (const chunk of response as AsyncIterable<string>) {
      const lines = chunk.split('\n');
      lines[0] = rest + lines[0];
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield JSON.parse(line) as SupervisorEvent;
    }
  } catch (cause) {
    if (signal?.aborted === true) throw signal.reason;
    throw new NstackError(
      'supervisor-unavailable',
      `the supervisor at ${shown} is gone: ${(cause as Error).message}`,
      {
        hint: '`nstack supervisor status` says whether it runs.',
        cause,
      },
    );
  } finally {
    response.destroy();
  }
}
