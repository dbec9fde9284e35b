import type { Diagnostic } from '../core/index.ts';
import { buildManifest } from './build-manifest.ts';
import { reportShape } from './check-shape.ts';
import { decodeSource, manifestText } from './decode-source.ts';
import type { Manifest } from './manifest.ts';
import { yamlReporter } from './yaml-reporter.ts';
import { readYaml } from './yaml-value.ts';

/**
 * The text of an nstack.yaml, checked: a manifest, or every fault in it at once, in the order of the text. Never throws, and ends in
 * bounded time and memory whatever the bytes are. `file` is its path as the user would type it.
 */
export function parseManifest(
  text: Uint8Array | string,
  file: string,
): { readonly manifest: Manifest | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const source = decodeSource(text, file, manifestText);
  if (!('text' in source)) return { manifest: undefined, diagnostics: source };
  const yaml = readYaml(source);
  if (yaml === undefined) return { manifest: undefined, diagnostics: source.findings.diagnostics };
  const reporter = yamlReporter(source, yaml);
  const { value } = yaml;
  if (value === null) {
    reporter.report([], 'empty', `${file} is empty`, {
      hint: 'a manifest begins with a line such as "name: ClickAnalytics"',
    });
    return { manifest: undefined, diagnostics: reporter.diagnostics };
  }
  reportShape(value, reporter);
  const isMapping = typeof value === 'object' && !Array.isArray(value);
  const manifest = isMapping ? buildManifest({ ...value }, reporter) : undefined;
  return { manifest, diagnostics: reporter.diagnostics };
}
