import { NstackError } from '../../core/index.ts';
import { packageDiagnostic, packagesUnknown, writtenAs } from '../package-diagnostic.ts';
import type { ServiceFolder } from '../stack.ts';

/** What apt or pip meant, from the words they left; undefined where these say nothing that nstack could say better. */
export function explainPackageFailure(service: ServiceFolder, output: string): NstackError | undefined {
  const unreachable = unreachableHost(output);
  if (unreachable !== undefined)
    return new NstackError('network', `${service.manifest.name}: the build cannot reach ${unreachable}`, {
      hint: 'check the network and the proxy variables (https_proxy, no_proxy), then build again',
    });
  const [, wanted = '', offered = ''] =
    /Could not find a version that satisfies the requirement (\S+).*?\(from versions: (.*)\)/.exec(output) ??
    [];
  if (wanted === '') return undefined;
  const newest = offered === 'none' ? '' : offered.split(', ').slice(-3).reverse().join(', ');
  const message =
    newest === '' ? `PyPI has no package "${nameOf(wanted)}"` : `PyPI has no "${wanted}" for this Python`;
  const hint = newest === '' ? 'check the spelling at https://pypi.org' : `the newest there are: ${newest}`;
  const request = service.manifest.packages.find(
    ({ system, spec }) => system === 'pip' && nameOf(spec) === nameOf(wanted),
  );
  if (request === undefined)
    return new NstackError('package-unknown', `${service.manifest.name}: ${message}`, { hint });
  return packagesUnknown(service, [
    packageDiagnostic(service, request, `"${writtenAs(request)}": ${message}`, hint),
  ]);
}

function unreachableHost(output: string): string | undefined {
  const apt =
    /(?:Temporary failure resolving|Could not resolve|Could not connect to|Unable to connect to) '?([\w.-]+)/.exec(
      output,
    );
  if (apt !== null) return apt[1];
  const pip =
    /HTTPS?ConnectionPool\(host='([^']+)'.*(?:NewConnectionError|ConnectTimeoutError|NameResolutionError)/.exec(
      output,
    );
  if (pip !== null) return pip[1];
  const certificate = /host='([^']+)'.*(?:CERTIFICATE_VERIFY_FAILED|certificate verify failed)/.exec(output);
  return certificate === null ? undefined : `${certificate[1]}: its certificate is not trusted`;
}

/** Names of PyPI ignore case, and hold - _ and . to be the same. */
function nameOf(requirement: string): string {
  const [name = ''] = /^[A-Za-z0-9._-]+/.exec(requirement) ?? [];
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}
