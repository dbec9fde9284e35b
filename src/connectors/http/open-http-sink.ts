import type { OpenContext, Sink } from '../connector.ts';
import { createHttpSink } from './http-sink.ts';
import { sinkSettings } from './sink-settings.ts';

/** Throws where the parameters or the connection cannot be. Whether the server is there is seen when something is sent. */
export async function checkHttpSink(context: OpenContext): Promise<void> {
  sinkSettings(context);
}

export async function openHttpSink(context: OpenContext): Promise<Sink> {
  return createHttpSink(sinkSettings(context), context);
}
