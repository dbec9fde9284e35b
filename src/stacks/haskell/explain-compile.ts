import { type Diagnostic, lineOf, type Place } from '../../core/index.ts';
import { type GhcMessage, readGhcMessages } from './ghc-messages.ts';
import type { MainModule } from './main-module.ts';
import type { ModuleSource } from './module-sources.ts';

const most = 20;

/** GHC's messages as findings in the author's files. What it says of the generated Main is said of the function that it is about. */
export function explainCompile(
  output: string,
  sources: readonly ModuleSource[],
  main: MainModule,
): readonly Diagnostic[] {
  const cycle = importCycle(output, sources);
  const found = readGhcMessages(output).flatMap(
    (message) => inSource(message, sources) ?? inMain(message, main) ?? anywhere(message) ?? [],
  );
  return [...cycle, ...found].slice(0, most);
}

function inSource(message: GhcMessage, sources: readonly ModuleSource[]): Diagnostic | undefined {
  const { place } = message;
  const source = sources.find(({ shown }) => shown === place?.file);
  if (source === undefined || place === undefined) return undefined;
  const sourceLine = lineOf(source.text, place.line);
  const column = unitOf(sourceLine, place.column);
  const end = place.end === undefined ? sourceLine.length : unitOf(sourceLine, place.end);
  const length = Math.max(1, end - column + 1);
  return {
    ...described(message),
    place: { file: source.file, line: place.line, column, length },
    sourceLine,
  };
}

/** The generated module stands for the functions that it serves: what is wrong in it is wrong with the one that is named. */
function inMain(message: GhcMessage, main: MainModule): Diagnostic | undefined {
  // Its warnings are nothing that an author could do something about.
  if (message.place?.file !== main.path || message.severity === 'warning') return undefined;
  const words = new Set(message.lines.join('\n').match(/[\p{L}_][\p{L}\p{N}_']*/gu));
  const about = main.functions.find(({ name }) => words.has(name));
  const { message: text, ...rest } = described(message);
  return {
    ...rest,
    code: 'not-servable',
    message: `${about === undefined ? 'the code' : about.name} cannot be served: ${text}`,
    ...(about === undefined ? {} : { place: about.place, sourceLine: about.sourceLine }),
  };
}

/** A message about no file of the author's, such as one of the linker. */
function anywhere(message: GhcMessage): Diagnostic | undefined {
  return message.severity === 'warning' || message.lines.length === 0 ? undefined : described(message);
}

function described(message: GhcMessage): Diagnostic {
  const { text, hint } = sentences(message.lines);
  const { severity, code } = message;
  return {
    code: severity === 'error' ? 'compile-error' : 'compile-warning',
    severity,
    message: code === undefined ? text : `${text} [${code}]`,
    ...(hint === undefined ? {} : { hint }),
  };
}

/**
 * The first point of what GHC says is the message, what it suggests the hint. Where it stood (`In the expression: ...`) is what the excerpt
 * shows already.
 */
function sentences(lines: readonly string[]): { readonly text: string; readonly hint: string | undefined } {
  const points: string[] = [];
  for (const line of lines) {
    const trimmed = line.trim();
    const last = points.at(-1) ?? '';
    const begins = points.length === 0 || (beginning.test(trimmed) && !/^Suggested fixes/.test(last));
    if (begins) points.push(trimmed.replace(/^[•*] /, ''));
    else points[points.length - 1] = `${last}${joint(last, trimmed)}${trimmed}`;
  }
  const [text = '', ...others] = points;
  const hints = others.filter((point) => suggestion.test(point));
  const module = /^Could not find module ‘([^’]+)’/.exec(text)?.[1];
  if (module !== undefined)
    hints.push(
      `if ${module} is of a library, add that to "packages" in nstack.yaml by its name on Hackage, such as hackage:split`,
    );
  return { text, hint: hints.length === 0 ? undefined : hints.join('; ') };
}

const suggestion = /^(?:Suggested fix|Perhaps |Possible |Probable |NB: )/;
const beginning = new RegExp(`${suggestion.source}|^(?:[•*] |Use -v |In the |In an? |Relevant )`);

function joint(before: string, next: string): string {
  if (/^(?:Expected|Actual):/.test(next)) return '; ';
  return / \(from [^)]*\)$/.test(before) ? ', ' : ' ';
}

/** GHC tells a circle of imports without a head: `Module graph contains a cycle:` and a line for each module. */
function importCycle(output: string, sources: readonly ModuleSource[]): readonly Diagnostic[] {
  const [, text] = /^Module graph contains a cycle:\n((?:[ \t]+.*\n?)+)/m.exec(output) ?? [];
  if (text === undefined) return [];
  const modules = [...text.matchAll(/‘([^’]+)’ \(([^)]+)\)/g)];
  const first = sources.find(({ path }) => path === modules[0]?.[2]);
  const place: Place | undefined =
    first === undefined ? undefined : { file: first.file, line: 1, column: 1, length: 1 };
  return [
    {
      code: 'compile-error',
      severity: 'error',
      message: `modules import each other in a circle: ${modules.map(([, name]) => name).join(' -> ')}`,
      ...(place === undefined ? {} : { place, sourceLine: lineOf(first?.text ?? '', 1) }),
      hint: 'put what they share in a module of its own',
    },
  ];
}

/** The column in UTF-16 code units of one of GHC's, which counts characters and lets a tab go on to the next multiple of eight. */
function unitOf(line: string, column: number): number {
  let at = 1;
  let units = 0;
  for (const sign of line) {
    if (at >= column) break;
    at = sign === '\t' ? at + 8 - ((at - 1) % 8) : at + 1;
    units += sign.length;
  }
  return units + 1 + Math.max(0, column - at);
}
