import type { Diagnostic } from '../core/index.ts';
import type { Span } from '../types/index.ts';
import type { Source } from './decode-source.ts';
import { faultPaths, type Reporter } from './reporter.ts';
import { scalarOrigin } from './scalar-origin.ts';
import { jsonOf, keySpan, nodeAt, type Path, spanOf, writtenNumber, type YamlValue } from './yaml-value.ts';

/** Findings about an nstack.yaml, each with its place. */
export function yamlReporter(source: Source, { root }: YamlValue): Reporter {
  const { findings } = source;
  const faults = faultPaths();
  const extra: Diagnostic[] = [];
  return {
    get diagnostics() {
      return [...findings.diagnostics, ...extra].toSorted(byPlace);
    },
    report(path, code, message, { hint, at = 'value' } = {}) {
      faults.note(path, at);
      const span = (at === 'key' ? keySpan(root, path) : undefined) ?? valueSpan(root, path);
      findings.error(code, span, message, { hint });
    },
    add(path, diagnostics) {
      if (diagnostics.some(({ severity }) => severity === 'error')) faults.note(path);
      extra.push(...diagnostics);
    },
    faulty: faults.faulty,
    origin: (path) => scalarOrigin(nodeAt(root, path), source),
    written: (path) => writtenNumber(nodeAt(root, path)),
    json: (path) => jsonOf(nodeAt(root, path)),
    position(path, at = 'value') {
      const { start } = (at === 'key' ? keySpan(root, path) : undefined) ?? valueSpan(root, path);
      return { line: findings.lineOf(start) + 1, column: findings.columnOf(start) + 1 };
    },
  };
}

/** The value, or the nearest thing around it that has a place. */
function valueSpan(root: YamlValue['root'], path: Path): Span {
  const span = spanOf(nodeAt(root, path));
  if (span !== undefined && span.end > span.start) return span;
  const around = path.length === 0 ? undefined : (keySpan(root, path) ?? valueSpan(root, path.slice(0, -1)));
  return around ?? { start: 0, end: 1 };
}

function byPlace({ place: a }: Diagnostic, { place: b }: Diagnostic): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
