import type { Diagnostic } from '../core/index.ts';
import { decodeSource, manifestText, type TextKind } from './decode-source.ts';
import { yamlReporter } from './yaml-reporter.ts';
import { type Path, readYaml } from './yaml-value.ts';

/**
 * A finding about one value of a YAML file that has been checked already, at its place there; without a place where the text is not, or no
 * longer, what was checked.
 */
export function findingAt(
  {
    bytes,
    file,
    kind = manifestText,
  }: {
    readonly bytes: Uint8Array | string;
    readonly file: string;
    readonly kind?: TextKind;
  },
  path: Path,
  { code, message, hint }: { readonly code: string; readonly message: string; readonly hint?: string },
): Diagnostic {
  const source = decodeSource(bytes, file, kind);
  const yaml = 'text' in source ? readYaml(source) : undefined;
  if ('text' in source && yaml !== undefined) {
    const reporter = yamlReporter(source, yaml);
    reporter.report(path, code, message, { hint });
    const [found] = reporter.diagnostics;
    if (found !== undefined) return found;
  }
  return { code, severity: 'error', message, ...(hint === undefined ? {} : { hint }) };
}
