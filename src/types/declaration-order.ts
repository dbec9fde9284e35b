import type { DeclarationSyntax, Syntax } from './syntax.ts';
import type { Findings } from './text-origin.ts';

type TypeDeclaration = DeclarationSyntax & { readonly kind: 'type' };

/**
 * Puts declarations in an order in which each stands behind those it uses. Types that use themselves are reported, and left out with
 * everything that uses them. Names of declarations must be unique. Uses no recursion, so that a long chain of names is no danger.
 */
export function declarationOrder(
  declarations: readonly TypeDeclaration[],
  findings: Findings,
): readonly TypeDeclaration[] {
  const byName = new Map(declarations.map((declaration) => [declaration.name.text, declaration]));
  const uses = new Map<TypeDeclaration, ReadonlySet<TypeDeclaration>>();
  const usedBy = new Map<TypeDeclaration, TypeDeclaration[]>(
    declarations.map((declaration) => [declaration, []]),
  );
  for (const declaration of declarations) {
    const used = new Set(namesIn(declaration.body).flatMap((name) => byName.get(name) ?? []));
    uses.set(declaration, used);
    for (const other of used) usedBy.get(other)?.push(declaration);
  }

  const waitsFor = new Map([...uses].map(([declaration, used]) => [declaration, used.size]));
  const ordered = declarations.filter((declaration) => waitsFor.get(declaration) === 0);
  for (const declaration of ordered) {
    for (const user of usedBy.get(declaration) ?? []) {
      const left = (waitsFor.get(user) ?? 0) - 1;
      waitsFor.set(user, left);
      if (left === 0) ordered.push(user);
    }
  }
  if (ordered.length < declarations.length)
    reportCycles(new Set(declarations).difference(new Set(ordered)), uses, findings);
  return ordered;
}

/** Follows uses within what is left, from each declaration once; coming back to one of the same walk closes a circle. */
function reportCycles(
  left: ReadonlySet<TypeDeclaration>,
  uses: ReadonlyMap<TypeDeclaration, ReadonlySet<TypeDeclaration>>,
  findings: Findings,
): void {
  const seen = new Set<TypeDeclaration>();
  for (const start of left) {
    const walk: TypeDeclaration[] = [];
    let current: TypeDeclaration | undefined = start;
    while (current !== undefined && !seen.has(current)) {
      seen.add(current);
      walk.push(current);
      current = [...(uses.get(current) ?? [])].find((used) => left.has(used));
    }
    const back = current === undefined ? -1 : walk.indexOf(current);
    const [first, ...others] = back === -1 ? [] : walk.slice(back);
    if (first === undefined) continue;
    const through = others.length === 0 ? '' : `, through ${shortList(others.map(({ name }) => name.text))}`;
    findings.error('recursive-type', first.name, `the type ${first.name.text} holds itself${through}`, {
      hint: 'a type must be finite; for a tree, hold the children apart by their keys, or use Json',
    });
  }
}

function shortList(names: readonly string[]): string {
  return names.length <= 5
    ? names.join(', ')
    : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
}

/** The names that a type uses. The depth of what was read is bounded, so this may be recursive. */
function namesIn(syntax: Syntax): readonly string[] {
  switch (syntax.kind) {
    case 'name':
      return [syntax.name];
    case 'applied':
      return namesIn(syntax.argument);
    case 'list':
    case 'map':
    case 'optional':
      return namesIn(syntax.item);
    case 'tuple':
      return syntax.items.flatMap(namesIn);
    case 'record':
      return syntax.fields.flatMap(({ type }) => namesIn(type));
    case 'sum':
      return syntax.cases.flatMap((part) => (part.kind === 'name' ? [] : namesIn(part)));
    case 'unit':
    case 'error':
      return [];
    default:
      return syntax satisfies never;
  }
}
