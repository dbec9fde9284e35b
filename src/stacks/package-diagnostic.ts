import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Diagnostic, NstackError } from '../core/index.ts';
import type { PackageRequest } from '../manifest/index.ts';
import type { ServiceFolder } from './stack.ts';

/** A finding about one entry of `packages`, at its place in nstack.yaml. */
export function packageDiagnostic(
  service: ServiceFolder,
  request: PackageRequest,
  message: string,
  hint: string,
): Diagnostic {
  const { line, column } = request;
  const diagnostic: Diagnostic = {
    code: 'package-unknown',
    severity: 'error',
    message,
    hint,
    place: { file: service.manifestFile, line, column, length: writtenAs(request).length },
  };
  const sourceLine = manifestLine(service, line);
  return sourceLine === undefined ? diagnostic : { ...diagnostic, sourceLine };
}

/** The error of a service some of whose packages cannot be had. */
export function packagesUnknown(service: ServiceFolder, diagnostics: readonly Diagnostic[]): NstackError {
  const count = diagnostics.length === 1 ? 'a package' : `${diagnostics.length} packages`;
  return new NstackError('package-unknown', `${service.manifest.name} asks for ${count} that cannot be had`, {
    diagnostics,
  });
}

/** A request as nstack.yaml writes it: `libsvm`, `pip:numpy>=2`. */
export function writtenAs({ system, spec }: PackageRequest): string {
  return system === 'os' ? spec : `${system}:${spec}`;
}

/** The version of the language where the author names one, for `PackageRecipe.wanted`. */
export function stackWanted({ manifest }: ServiceFolder): readonly string[] {
  const { language, version } = manifest.stack;
  return version === undefined ? [] : [`stack ${language} ${version}`];
}

/** The manifest was read a moment ago; where it is gone by now the finding stands without its line. */
function manifestLine(service: ServiceFolder, line: number): string | undefined {
  try {
    return readFileSync(join(service.root, basename(service.manifestFile)), 'utf8').split(/\r?\n/)[line - 1];
  } catch {
    return undefined;
  }
}
