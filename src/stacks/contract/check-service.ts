import type { Diagnostic } from '../../core/index.ts';
import type { ServiceFolder } from '../stack.ts';
import { stackFor } from '../stack-for.ts';
import { compareContract } from './compare-contract.ts';
import { readPlaces } from './read-places.ts';

/**
 * The static contract check: the declared API against the code as it is written; nothing is run and no container is needed. Errors break
 * the contract; warnings and notes (among them what is left to the probe) do not. Fails with `file-missing`, `file-unreadable` or
 * `stack-unknown`.
 */
export async function checkService(folder: ServiceFolder): Promise<readonly Diagnostic[]> {
  const stack = stackFor(folder.manifest.stack.language);
  const [{ api, diagnostics }, where] = await Promise.all([
    stack.readCode(folder),
    readPlaces(folder, stack),
  ]);
  if (diagnostics.some(({ severity }) => severity === 'error')) return diagnostics;
  return [...diagnostics, ...compareContract(folder.manifest.api, api, where, 'static')];
}
