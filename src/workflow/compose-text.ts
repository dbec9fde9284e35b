import type { Diagnostic, Place } from '../core/index.ts';
import { Findings } from '../types/index.ts';
import { parseWorkflow } from './parse-workflow.ts';
import { chooseDefinition, readScope } from './scope.ts';
import type { Pipeline, WorkflowTree } from './syntax-tree.ts';

/** The parts of a workflow as they were typed apart. */
export interface TextParts {
  /** Stands in front: `kafka/click-stream`, `kafka/a & kafka/b`. */
  readonly source?: string | undefined;
  /** A workflow without its ends, or a part of one; it may have imports, types and definitions. */
  readonly text: string;
  /** Stands behind. */
  readonly sink?: string | undefined;
  /** Where `text` is from, for places. */
  readonly file: string;
}

export interface ComposedText {
  readonly text: string;
  /** Faults of syntax, with places in what was typed; `text` is then of no use. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where each line of `text` was typed; its columns are those that were typed. Undefined for lines that no one typed. */
  readonly origins: readonly (Pick<Place, 'file' | 'line'> | undefined)[];
}

/** One workflow text of a text and the ends that were typed apart from it, each on lines of its own, so that columns stay. */
export function composeText({ source, text, sink, file }: TextParts): ComposedText {
  if (source === undefined && sink === undefined) {
    const origins = text.split('\n').map((_, index) => ({ file, line: index + 1 }));
    return { text, diagnostics: [], origins };
  }
  const front = source === undefined ? undefined : readEnd(source, '--source');
  const back = sink === undefined ? undefined : readEnd(sink, '--sink');
  const middle = readMiddle(text, file);
  const diagnostics = [front, middle, back].flatMap((part) => part?.diagnostics ?? []);
  if (diagnostics.length > 0 || middle.span === undefined) return { text, diagnostics, origins: [] };
  const { start, end } = middle.span;
  return joined([
    linesOf(text.slice(0, start), file),
    ...(front === undefined ? [] : [front.lines, added('->')]),
    middle.isBare ? added('(') : [],
    linesOf(blanksBefore(text, start) + text.slice(start, end), file, lineAt(text, start)),
    middle.isBare ? added(')') : [],
    ...(back === undefined ? [] : [added('->'), back.lines]),
    linesOf(blanksBefore(text, end) + text.slice(end), file, lineAt(text, end)),
  ]);
}

/** Findings about a composed text with their places in what was typed. */
export function placesIn({ origins }: ComposedText, found: readonly Diagnostic[]): readonly Diagnostic[] {
  const moved = (place: Place): Place => ({ ...place, ...origins[place.line - 1] });
  return found.map((finding) => ({
    ...finding,
    ...(finding.place === undefined ? {} : { place: moved(finding.place) }),
    ...(finding.related === undefined
      ? {}
      : { related: { ...finding.related, place: moved(finding.related.place) } }),
  }));
}

interface Line {
  readonly text: string;
  readonly origin: ComposedText['origins'][number];
}

/** A source or a sink; branches may stand in it without parentheses around them. */
function readEnd(
  text: string,
  file: string,
): { readonly lines: readonly Line[]; readonly diagnostics: readonly Diagnostic[] } {
  const { isBare, diagnostics } = readPipeline(text, file);
  const lines = linesOf(text, file);
  return { lines: isBare ? [...added('('), ...lines, ...added(')')] : lines, diagnostics };
}

/** The place in a text where ends belong: the pipeline of the workflow that is meant. */
function readMiddle(text: string, file: string) {
  const { tree, isBare, diagnostics } = readPipeline(text, file);
  if (isBare || diagnostics.length > 0) return { isBare, diagnostics, span: { start: 0, end: text.length } };
  const findings = new Findings(text, { file, line: 1, column: 0, indent: 0 });
  const definition = chooseDefinition(tree, readScope(tree, findings), undefined, findings);
  const span = definition === undefined ? undefined : spanOf(definition.pipeline);
  return { isBare, diagnostics: findings.diagnostics, span };
}

/** Reads a text, and once more in parentheses where that alone makes it good: `a & b`. */
function readPipeline(
  text: string,
  file: string,
): { readonly tree: WorkflowTree; readonly isBare: boolean; readonly diagnostics: readonly Diagnostic[] } {
  const plain = parseWorkflow(text, file);
  const isBare =
    plain.diagnostics.length > 0 && parseWorkflow(`(\n${text}\n)`, file).diagnostics.length === 0;
  return { tree: plain.tree, isBare, diagnostics: isBare ? [] : plain.diagnostics };
}

function spanOf({ elements }: Pipeline) {
  const spans = elements.flatMap(({ span, postfixes }) => [span, ...postfixes.map((each) => each.span)]);
  return {
    start: Math.min(...spans.map(({ start }) => start)),
    end: Math.max(...spans.map(({ end }) => end)),
  };
}

function linesOf(text: string, file: string, first = 1): readonly Line[] {
  if (text.trim() === '') return [];
  return text.split('\n').map((line, index) => ({ text: line, origin: { file, line: first + index } }));
}

function added(text: string): readonly Line[] {
  return [{ text, origin: undefined }];
}

function joined(parts: readonly (readonly Line[])[]): ComposedText {
  const lines = parts.flat();
  return {
    text: lines.map(({ text }) => text).join('\n'),
    diagnostics: [],
    origins: lines.map(({ origin }) => origin),
  };
}

/** As many blanks as characters stand before an offset on its line. */
function blanksBefore(text: string, offset: number): string {
  return ' '.repeat(offset - (text.lastIndexOf('\n', offset - 1) + 1));
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
