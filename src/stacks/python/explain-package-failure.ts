import { NstackError } from '../../core/index.ts';
import {
  debianVersionUnknown,
  type PackageFinding,
  unreachableDebian,
  unreachableHost,
} from '../debian/explain-apt.ts';
import { packageDiagnostic, packagesUnknown, writtenAs } from '../package-diagnostic.ts';
import type { ServiceFolder } from '../stack.ts';

/** What apt or pip meant, from the words they left; undefined where these say nothing that nstack could say better. */
export function explainPackageFailure(service: ServiceFolder, output: string): NstackError | undefined {
  const unreachable = unreachableDebian(output) ?? unreachablePyPi(output);
  if (unreachable !== undefined) return unreachableHost(service, unreachable);
  const finding = debianVersionUnknown(output) ?? requirementUnknown(output);
  if (finding === undefined) return undefined;
  const { system, name, message, hint } = finding;
  const request = service.manifest.packages.find(
    (one) => (one.system === 'pip') === (system === 'pip') && nameOf(one.spec) === name,
  );
  if (request === undefined)
    return new NstackError('package-unknown', `${service.manifest.name}: ${message}`, { hint });
  return packagesUnknown(service, [
    packageDiagnostic(service, request, `"${writtenAs(request)}": ${message}`, hint),
  ]);
}

/** pip's words for a requirement that no package satisfies. */
function requirementUnknown(output: string): PackageFinding | undefined {
  const [, wanted, offered = ''] =
    /Could not find a version that satisfies the requirement (\S+).*?\(from versions: (.*)\)/.exec(output) ??
    [];
  if (wanted === undefined) return undefined;
  const name = nameOf(wanted);
  if (offered === 'none') {
    const hint = 'check the spelling at https://pypi.org';
    return { system: 'pip', name, message: `PyPI has no package "${name}"`, hint };
  }
  const newest = offered.split(', ').slice(-3).reverse().join(', ');
  const hint = `the newest there are: ${newest}`;
  return { system: 'pip', name, message: `PyPI has no "${wanted}" for this Python`, hint };
}

function unreachablePyPi(output: string): string | undefined {
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
