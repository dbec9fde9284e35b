import { dirname, join, normalize } from 'node:path';
import { CallError, rpcCodes } from '../../bridge/index.ts';
import { type Diagnostic, NstackError, type Place } from '../../core/index.ts';
import type { ContainerEngine } from '../../engine/index.ts';
import type { Manifest } from '../../manifest/index.ts';
import { type OpenedService, openService } from '../../registry/index.ts';
import type { CodeApi, ServiceFolder } from '../stack.ts';
import { stackFor } from '../stack-for.ts';
import { codeApiFromOpenRpc } from './code-api-from-openrpc.ts';
import { compareContract } from './compare-contract.ts';
import { contractBroken } from './contract-broken.ts';
import { readPlaces } from './read-places.ts';
import { sampleParameters } from './sample-parameters.ts';

/** Milliseconds that the running code may take to say what it is. */
const discoverTimeout = 10_000;

export interface ProbeOptions {
  readonly signal: AbortSignal;
  /** Takes the removal of the instance, and sees to it that it is waited for. */
  readonly later?: (removal: Promise<unknown>) => void;
}

/**
 * The probe: starts a built image in its sandbox and compares what the running code says of itself with the declared API. Answers what
 * it said and the findings that break nothing. Fails with `contract-broken`, which carries every finding, or with `service-failed`
 * where the service does not come up, which shows its stack trace with the author's own paths. Nothing is left running, where `later` does not take
 * the removal of what has answered.
 */
export async function probeService(
  engine: ContainerEngine,
  image: string,
  folder: ServiceFolder,
  options: ProbeOptions,
): Promise<{ readonly codeApi: CodeApi; readonly diagnostics: readonly Diagnostic[] }> {
  const { manifest, manifestFile } = folder;
  // The one is read while the other starts.
  const [where, document] = await Promise.all([
    readPlaces(folder, stackFor(manifest.stack.language)),
    discover(engine, image, manifest, options).catch((error: unknown) => {
      throw withAuthorsPaths(error, dirname(manifestFile));
    }),
  ]);
  const codeApi = codeApiFromOpenRpc(document, (file, line, column) =>
    authorsPlace(where.codeFile, { file, line, column }),
  );
  const diagnostics = compareContract(manifest.api, codeApi, where, 'probe');
  if (diagnostics.some(({ severity }) => severity === 'error'))
    throw contractBroken(manifest.name, diagnostics);
  return { codeApi, diagnostics };
}

async function discover(
  engine: ContainerEngine,
  image: string,
  manifest: Manifest,
  { signal, later }: ProbeOptions,
): Promise<unknown> {
  const { peer, instance } = await openForProbe(engine, image, manifest, signal);
  try {
    return await peer.discover({ timeout: discoverTimeout, signal });
  } finally {
    // It holds nothing that would be worth an orderly end.
    peer.close();
    const removal = instance.remove();
    if (later === undefined) await removal;
    else later(removal);
  }
}

/** A shim may refuse to start for an API that its code does not have. What the code has can still be told, without an API. */
async function openForProbe(
  engine: ContainerEngine,
  image: string,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<OpenedService> {
  const options = { parameters: sampleParameters(manifest), secrets: sampleSecrets(manifest), signal };
  try {
    return await openService(engine, image, manifest, options);
  } catch (error) {
    const cause = error instanceof NstackError ? error.cause : undefined;
    if (!(cause instanceof CallError) || cause.rpc.code !== rpcCodes.methodNotFound) throw error;
    const withoutApi = { ...manifest, api: { types: [], functions: [] } };
    return openService(engine, image, withoutApi, options);
  }
}

/** A build knows no secrets: each is a text that says so. */
function sampleSecrets({ secrets }: Manifest): Readonly<Record<string, string>> {
  return Object.fromEntries(secrets.map((name) => [name, `no secret, but what the probe has for ${name}`]));
}

/** `file` stands beside the code file in the image; elsewhere the author has none. */
function authorsPlace(codeFile: string, place: Place): Place | undefined {
  const below = normalize(place.file);
  if (below.startsWith('..') || below.startsWith('/')) return undefined;
  return { ...place, file: join(dirname(codeFile), below) };
}

/** Stack traces name files of the image; the author knows them by other paths. */
function withAuthorsPaths(error: unknown, folder: string): unknown {
  if (!(error instanceof NstackError) || error.code !== 'service-failed') return error;
  const { code, message, hint, cause } = error;
  const mapped = (text: string) => text.replaceAll('/service/', folder === '.' ? '' : `${folder}/`);
  return new NstackError(code, mapped(message), {
    cause,
    ...(hint === undefined ? {} : { hint: mapped(hint) }),
  });
}
