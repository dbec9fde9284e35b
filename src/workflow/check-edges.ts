import type { RegisteredService } from '../registry/index.ts';
import { type Findings, type FunctionType, printType, type Type } from '../types/index.ts';
import { misfit } from './misfit.ts';
import { withPostfix } from './name-text.ts';
import { newestServices } from './resolve-service.ts';
import { type FoundTypes, plainKind, type TypedNode, unpacked } from './types-between.ts';

/**
 * Checks that each node takes what every node before it gives. Reports each place where two types part: both types, where they part, and what
 * would fit there.
 */
export function checkEdges(
  nodes: readonly TypedNode[],
  { takes, gives }: FoundTypes,
  services: readonly RegisteredService[],
  findings: Findings,
): void {
  for (const [index, node] of nodes.entries()) {
    const wanted = node.to.flatMap((each) => nodes[each]?.takes ?? []);
    for (const each of node.from) {
      const [giver, given] = [nodes[each], gives[each]];
      if (giver === undefined || given === undefined) continue;
      if (node.kind === 'concat' || node.kind === 'filter') checkPostfix(node, giver, given, findings);
      else {
        const taken = takes[index];
        if (taken === undefined) continue;
        const all = node.from.flatMap((other) => gives[other] ?? []);
        const hint = () =>
          postfixHint(giver, given, taken) ??
          (node.statedAt === undefined
            ? fittingHint(all, wanted, services)
            : 'leave the type out: the sink takes what comes before it');
        checkEdge(node, giver, given, taken, hint, findings);
      }
    }
  }
}

function checkEdge(
  node: TypedNode,
  giver: TypedNode,
  given: Type,
  taken: Type,
  hint: () => string,
  findings: Findings,
): void {
  // Looking for what would fit is much work, and beyond the findings that are told it is for nothing.
  const found = findings.full ? undefined : misfit(given, taken);
  if (found === undefined) return;
  const message = `${giver.label} gives ${found.from}, but ${node.label} takes ${found.to}${found.why}`;
  findings.error('type-mismatch', node.statedAt ?? node.span, message, { hint: hint() });
}

/** `*` unpacks lists and `?` drops what is missing from optionals; there is nothing else they can stand behind. */
function checkPostfix(node: TypedNode, giver: TypedNode, given: Type, findings: Findings): void {
  if (node.kind !== 'concat' && node.kind !== 'filter') return;
  if (unpacked(given, node.kind) !== undefined) return;
  const [sign, what] = node.kind === 'concat' ? ['*', 'unpacks lists'] : ['?', 'drops missing optionals'];
  const other = node.kind === 'concat' ? 'filter' : 'concat';
  const hint =
    unpacked(given, other) === undefined
      ? `leave the ${sign} out`
      : other === 'filter'
        ? 'the ? drops missing optionals'
        : 'the * unpacks lists';
  findings.error(
    'type-mismatch',
    node.span,
    `${giver.label} gives ${cut(printType(given))}, but ${sign} ${what}`,
    { hint },
  );
}

/** What is one `*` or `?` away. */
function postfixHint(giver: TypedNode, given: Type, taken: Type): string | undefined {
  const fits = (kind: 'concat' | 'filter') => {
    const item = unpacked(given, kind);
    return item !== undefined && misfit(item, taken) === undefined;
  };
  if (fits('concat')) return `* unpacks lists: ${withPostfix(giver.name, 'concat')} -> ...`;
  if (fits('filter')) return `? drops what is missing: ${withPostfix(giver.name, 'filter')} -> ...`;
  return undefined;
}

const mostShown = 5;

/** The functions that take all of `given` and, where it is known what follows, give what that takes. */
function fittingHint(
  given: readonly Type[],
  wanted: readonly Type[],
  services: readonly RegisteredService[],
): string {
  const fits = ({ input, output }: FunctionType) =>
    plainKind(input) !== 'void' &&
    plainKind(output) !== 'void' &&
    given.every((each) => misfit(each, input) === undefined) &&
    wanted.every((each) => misfit(output, each) === undefined);
  const names = newestServices(services).flatMap(({ name, manifest }) =>
    manifest.api.functions.filter(fits).map((found) => `${name}.${found.name}`),
  );
  if (names.length === 0) return 'no service that is built fits here';
  const more = names.length > mostShown ? ` and ${names.length - mostShown} more` : '';
  return `here would fit: ${names.slice(0, mostShown).join(', ')}${more}`;
}

function cut(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
