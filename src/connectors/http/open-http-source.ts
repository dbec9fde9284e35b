import type { OpenContext, Source } from '../connector.ts';
import { checkLineFormat } from '../records/check-line-format.ts';
import { createHttpSource } from './http-source.ts';
import { sourceSettings } from './source-settings.ts';

/** Throws where the parameters cannot be. Whether the address is free is seen when the source opens: the workflow may be running. */
export async function checkHttpSource(context: OpenContext): Promise<void> {
  sourceSettings(context);
  checkLineFormat(context, 'http');
}

export async function openHttpSource(context: OpenContext): Promise<Source> {
  return createHttpSource(sourceSettings(context), context);
}
