import { setImmediate as turn } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { openHttpSource } from '../../../src/connectors/http/open-http-source.ts';
import type { OpenContext, Source, SourceBatch } from '../../../src/connectors/index.ts';
import { valuesOf } from '../conformance/source-conformance.ts';
import { openContext } from '../support.ts';

export function httpContext(
  parameters: Record<string, unknown>,
  more: Partial<OpenContext> = {},
): OpenContext {
  return openContext(parameters, { messageLimit: 1024 * 1024, durable: false, ...more });
}

/** A source at a port of its own. `url` is where messages go. */
export async function openSource(
  more: Partial<OpenContext> & { readonly with?: Record<string, unknown> } = {},
) {
  const said: string[] = [];
  const { with: parameters, ...context } = more;
  const source = await openHttpSource(
    httpContext(
      { path: 'demo', listen: '127.0.0.1:0', ...parameters },
      { log: (line) => said.push(line), ...context },
    ),
  );
  onTestFinished(() => source.close());
  const url = /http:\S+/.exec(said.find((line) => line.startsWith('messages are taken at')) ?? '')?.[0] ?? '';
  return { source, url, said };
}

/** Reads and commits everything, and keeps it. */
export function consume(source: Source, options: { readonly commit?: boolean } = {}) {
  const messages: unknown[] = [];
  const batches: SourceBatch[] = [];
  const abort = new AbortController();
  const over = (async () => {
    for await (const batch of source.read(abort.signal)) {
      batches.push(batch);
      messages.push(...valuesOf(batch));
      if (options.commit === false) continue;
      await turn();
      await source.commit(batch.position, '');
    }
  })();
  return { messages, batches, over, abort: () => abort.abort() };
}

export async function post(
  url: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<{ readonly status: number; readonly answer: unknown; readonly headers: Headers }> {
  const response = await fetch(url, { method, headers, body: method === 'GET' ? null : (body as string) });
  return { status: response.status, answer: await response.json(), headers: response.headers };
}
