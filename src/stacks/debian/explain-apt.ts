import { NstackError } from '../../core/index.ts';
import type { PackageRequest } from '../../manifest/index.ts';
import type { ServiceFolder } from '../stack.ts';

/** What a tool's last words say of one package. */
export interface PackageFinding {
  readonly system: Exclude<PackageRequest['system'], 'os'>;
  readonly name: string;
  readonly message: string;
  readonly hint: string;
}

/** apt's words for a version that Debian does not have. */
export function debianVersionUnknown(output: string): PackageFinding | undefined {
  const [, version, name] = /E: Version '([^']+)' for '([^']+)' was not found/.exec(output) ?? [];
  if (name === undefined) return undefined;
  const hint = `leave the version out for the one that Debian has now: apt:${name}`;
  return { system: 'apt', name, message: `Debian has no version ${version} of ${name}`, hint };
}

/** The host that apt could not reach. */
export function unreachableDebian(output: string): string | undefined {
  return /(?:Temporary failure resolving|Could not resolve|Could not connect to|Unable to connect to) '?([\w.-]+)/.exec(
    output,
  )?.[1];
}

/** The error of a build that could not reach a host, whatever its tool was. */
export function unreachableHost({ manifest }: ServiceFolder, host: string): NstackError {
  return new NstackError('network', `${manifest.name}: the build cannot reach ${host}`, {
    hint: 'check the network and the proxy variables (https_proxy, no_proxy), then build again',
  });
}
