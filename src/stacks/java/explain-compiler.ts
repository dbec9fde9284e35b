import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../../core/index.ts';
import type { ServiceFolder } from '../stack.ts';

/** One line of what `io.nstack.build.Compile` writes on stderr. `file` is a path below the service's folder. */
interface CompilerFinding {
  readonly severity: 'error' | 'warning';
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly length?: number;
  readonly message: string;
  /** javac's own name, such as `compiler.err.cant.resolve`. */
  readonly code?: string;
}

/** The compiler's findings in the author's files, each once. */
export function explainCompiler(service: ServiceFolder, output: string): readonly Diagnostic[] {
  const lines = new Set(output.split('\n').filter((line) => line.startsWith('{"nstack":"diagnostic"')));
  return [...lines]
    .map(parse)
    .filter((finding) => finding !== undefined)
    .map((finding) => diagnosticOf(service, finding));
}

function parse(line: string): CompilerFinding | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isFinding(value) ? value : undefined;
  } catch {
    // A line that was cut, by a process that was killed: what it would have said is among the raw output.
    return undefined;
  }
}

function isFinding(value: unknown): value is CompilerFinding {
  if (typeof value !== 'object' || value === null) return false;
  const { severity, message } = value as Partial<CompilerFinding>;
  return typeof message === 'string' && (severity === 'error' || severity === 'warning');
}

function diagnosticOf(service: ServiceFolder, finding: CompilerFinding): Diagnostic {
  const { severity, file, line, column = 1, length = 1, message, code = '' } = finding;
  const hint = hints.get(code);
  const diagnostic: Diagnostic = {
    code: severity === 'error' ? 'compile-error' : 'compile-warning',
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
  };
  if (file === undefined || line === undefined) return diagnostic;
  const sourceLine = lineOf(join(service.root, file), line);
  return {
    ...diagnostic,
    place: { file: join(dirname(service.manifestFile), file), line, column, length },
    ...(sourceLine === undefined ? {} : { sourceLine }),
  };
}

/** Ways out that javac cannot know, by its names of findings. */
const hints: ReadonlyMap<string, string> = new Map([
  [
    'compiler.err.doesnt.exist',
    'if a package brings it, add that to "packages" in nstack.yaml, such as maven:group:artifact:version',
  ],
  ['compiler.err.unmappable.char', 'save the file as UTF-8'],
]);

/** The file was compiled a moment ago; where it is gone by now the finding stands without its line. */
function lineOf(file: string, line: number): string | undefined {
  try {
    return readFileSync(file, 'utf8').split(/\r\n|\r|\n/)[line - 1];
  } catch {
    return undefined;
  }
}
