import { NstackError } from '../../core/index.ts';
import { debianVersionUnknown, unreachableDebian, unreachableHost } from '../debian/explain-apt.ts';
import { packageDiagnostic, packagesUnknown, writtenAs } from '../package-diagnostic.ts';
import type { ServiceFolder } from '../stack.ts';
import type { HackageRequest } from './hackage-requests.ts';
import { libraryDiagnostic } from './resolve-packages.ts';

/**
 * What apt or cabal meant, from the words they left; undefined where these say nothing that nstack could say better. `hackage` is what may have
 * been asked of cabal.
 */
export function explainPackageFailure(
  service: ServiceFolder,
  hackage: readonly HackageRequest[],
  output: string,
): NstackError | undefined {
  return (
    hackageUnreachable(service, hackage, output) ??
    libraryUnknown(service, hackage, output) ??
    explainApt(service, output)
  );
}

function explainApt(service: ServiceFolder, output: string): NstackError | undefined {
  const host = unreachableDebian(output);
  if (host !== undefined) return unreachableHost(service, host);
  const finding = debianVersionUnknown(output);
  if (finding === undefined) return undefined;
  const { name, message, hint } = finding;
  const request = service.manifest.packages.find(
    ({ system, spec }) => system === 'apt' && spec.split('=')[0] === name,
  );
  if (request === undefined)
    return new NstackError('package-unknown', `${service.manifest.name}: ${message}`, { hint });
  return packagesUnknown(service, [
    packageDiagnostic(service, request, `"${writtenAs(request)}": ${message}`, hint),
  ]);
}

/** cabal fetches by curl, whose codes below 100 are all about the way to a host (https://everything.curl.dev/cmdline/exitcode.html). */
function hackageUnreachable(
  service: ServiceFolder,
  hackage: readonly HackageRequest[],
  output: string,
): NstackError | undefined {
  const [, words] = /curl: \(\d+\) (.*)/.exec(output) ?? [];
  if (words === undefined) return undefined;
  const wanted = fromHackage(hackage, output).map(({ text }) => text);
  return new NstackError(
    'network',
    `${service.manifest.name}: the build cannot reach hackage.haskell.org for ${wanted.join(', ')}: ${words}`,
    {
      hint: `check the network and the proxy variables (https_proxy, no_proxy), then build again; libraries that Debian has (libghc-...-dev) need no Hackage`,
    },
  );
}

/** cabal's words for what Hackage does not have, or not in versions that go together. */
function libraryUnknown(
  service: ServiceFolder,
  hackage: readonly HackageRequest[],
  output: string,
): NstackError | undefined {
  const [, unknown] = /[Uu]nknown package:? "?([A-Za-z0-9-]+)/.exec(output) ?? [];
  const finding =
    unknown === undefined
      ? noneFits(output)
      : {
          name: unknown,
          message: `Hackage has no package "${unknown}"`,
          hint: 'check the spelling at https://hackage.haskell.org',
        };
  if (finding === undefined) return undefined;
  const { name, message, hint } = finding;
  const request = hackage.find((one) => one.name === name);
  if (request !== undefined)
    return packagesUnknown(service, [libraryDiagnostic(service, request, message, hint)]);
  return new NstackError('package-unknown', `${service.manifest.name}: ${message}`, { hint });
}

/** cabal breaks its lines at 79 characters. */
function noneFits(output: string): { name: string; message: string; hint: string } | undefined {
  const [, told] =
    /Could not resolve dependencies:([\s\S]*?)(?:\[__\d+\] fail|After searching|$)/.exec(output) ?? [];
  if (told === undefined) return undefined;
  const lines = told.replaceAll(/\n(?!\[__)/g, ' ').split('\n');
  const goals = lines.flatMap((line) => /next goal: (\S+)/.exec(line)?.[1] ?? []);
  const reasons = lines.flatMap((line) => /rejecting: (.*)/.exec(line)?.[1]?.trim() ?? []);
  return {
    name: goals.at(-1) ?? '',
    message: `no version goes with GHC and the other libraries: ${reasons.slice(0, 3).join('; ')}`,
    hint: 'ask for other versions of it, or for any',
  };
}

/** What install.sh says that it asks for, before anything else. */
function fromHackage(hackage: readonly HackageRequest[], output: string): readonly HackageRequest[] {
  const names = new Set(/^nstack: asks Hackage for (.*)$/m.exec(output)?.[1]?.split(' '));
  return names.size === 0 ? hackage : hackage.filter(({ name }) => names.has(name));
}
