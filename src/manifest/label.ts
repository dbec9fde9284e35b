import { NstackError } from '../core/index.ts';
import { printType } from '../types/index.ts';
import { buildManifest } from './build-manifest.ts';
import { reportShape } from './check-shape.ts';
import { largestManifest } from './decode-source.ts';
import type { Manifest } from './manifest.ts';
import { plainReporter } from './reporter.ts';

/**
 * A manifest as the JSON of an image's label: the keys of nstack.yaml with the defaults filled in, so that a later version of nstack, or any
 * other program, reads it by the published schema. The places of packages are left out: where a line stands changes no image.
 */
export function manifestToJson(manifest: Manifest): string {
  const { api: _, apiText, packages, config, limits, buildSecrets, ...same } = manifest;
  return JSON.stringify({
    ...same,
    api: apiText,
    // Left out where there are none, as an older nstack reads labels too.
    ...(buildSecrets.length === 0
      ? {}
      : { buildSecrets: Object.fromEntries(buildSecrets.map(({ name, steps }) => [name, steps])) }),
    packages: packages.map(({ system, spec }) => (system === 'os' ? spec : `${system}:${spec}`)),
    config: Object.fromEntries(
      config.map(({ name, type, ...rest }) => [name, { type: printType(type), ...rest }]),
    ),
    limits: {
      ...limits,
      timeout: `${limits.timeout}ms`,
      startTimeout: `${limits.startTimeout}ms`,
    },
  });
}

/**
 * A manifest from an image's label. Whoever pushed the image wrote it, so it is checked like any nstack.yaml; fails with
 * `manifest-invalid`. Packages have line and column 0.
 */
export function manifestFromJson(text: string): Manifest {
  const value = parseJson(text);
  const reporter = plainReporter('label io.nstack.manifest');
  reportShape(value, reporter);
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
  const manifest = isMapping ? buildManifest({ ...value }, reporter) : undefined;
  if (manifest === undefined) {
    const first = reporter.diagnostics[0]?.message ?? 'it is no mapping';
    throw invalid(first, { diagnostics: reporter.diagnostics });
  }
  return manifest;
}

function parseJson(text: string): unknown {
  if (text.length > largestManifest) throw invalid(`it has ${text.length} characters`);
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__') throw new SyntaxError('the key __proto__ may not stand in a manifest');
      return value;
    });
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function invalid(
  why: string,
  options: { cause?: unknown; diagnostics?: NstackError['diagnostics'] } = {},
): NstackError {
  return new NstackError('manifest-invalid', `the label io.nstack.manifest holds no manifest: ${why}`, {
    hint: 'build the image again with: nstack build',
    ...options,
  });
}
