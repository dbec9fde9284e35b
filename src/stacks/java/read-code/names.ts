import type { Node } from 'web-tree-sitter';
import type { Declaration, JavaFile } from './declarations.ts';
import { knownNames } from './known-names.ts';
import { dotted, supertypesOf } from './nodes.ts';
import type { SourceTree } from './source-tree.ts';

/** Where a name is used: in a file, and inside a declaration where it is not in the file's head. */
export interface Where {
  readonly file: JavaFile;
  readonly inside: Declaration | undefined;
}

/** What a type's name stands for. */
export type Meaning =
  | { readonly kind: 'declared'; readonly declaration: Declaration }
  /** Not the author's: its full name, such as `java.util.List`. */
  | { readonly kind: 'library'; readonly path: string }
  /** It may come from something that is not read here. */
  | { readonly kind: 'unseen' }
  /** Neither defined nor imported. `needs`: the well-known class that is probably meant. */
  | { readonly kind: 'missing'; readonly needs: string | undefined };

export interface Names {
  /** @param name a type's name: an identifier, or several with dots. */
  meaningOf(name: Node, where: Where): Meaning;
}

interface MemberType {
  readonly found: Declaration | undefined;
  /** It may stand in something that is not read here. */
  readonly unseen: boolean;
}

/** Well-known classes by their simple names. */
const fullNames: ReadonlyMap<string, string> = new Map(
  [...knownNames].reverse().map((path) => [path.slice(path.lastIndexOf('.') + 1), path]),
);

/** Understands names as the Java Language Specification (6.5, 7.5) does, as far as the author's own files say. */
export function createNames(tree: SourceTree): Names {
  /** Searches under way: a class that extends a part of itself, which is no Java, must not be searched for ever. */
  const searched = new Set<string>();
  const known = new Map<string, Meaning>();
  return { meaningOf };

  function meaningOf(name: Node, where: Where): Meaning {
    const path = dotted(name);
    const key = `${path} ${where.inside?.node.id ?? where.file.file}`;
    const meaning = known.get(key) ?? meaningOfPath(path.split('.'), where);
    known.set(key, meaning);
    return meaning;
  }

  function meaningOfPath([first = '', ...rest]: readonly string[], where: Where): Meaning {
    const meaning = simpleName(first, where);
    if (rest.length === 0) return meaning;
    if (meaning.kind === 'declared') return nestedIn(meaning.declaration, rest);
    if (meaning.kind === 'library') return { kind: 'library', path: [meaning.path, ...rest].join('.') };
    return /^[a-z]/.test(first) ? fullName([first, ...rest]) : meaning;
  }

  function simpleName(name: string, where: Where): Meaning {
    const { found, unseen } = inScope(name, where.inside);
    if (found !== undefined) return declared(found);
    const { packageName, imports, types } = where.file;
    const own = types.find((type) => type.name === name);
    if (own !== undefined) return declared(own);
    const imported = imports.single.get(name);
    if (imported !== undefined) return fullName(imported.split('.'));
    const neighbour = tree.find(packageName, name);
    if (neighbour !== undefined) return declared(neighbour);
    const meaning = onDemand(name, where.file);
    return meaning.kind === 'missing' && unseen ? { kind: 'unseen' } : meaning;
  }

  function onDemand(name: string, { imports, packageName }: JavaFile): Meaning {
    const { stars, modules } = imports;
    for (const path of [...stars, 'java.lang']) {
      const full = `${path}.${name}`;
      if (knownNames.has(full)) return { kind: 'library', path: full };
      const found = fullName(full.split('.'));
      if (found.kind === 'declared') return found;
    }
    const known = fullNames.get(name);
    if (known !== undefined && modules.length > 0) return { kind: 'library', path: known };
    if (/(Exception|Error)$/.test(name)) return { kind: 'library', path: `java.lang.${name}` };
    const neighbour = tree.search(packageName, name);
    if (neighbour !== undefined) return declared(neighbour);
    // Of the JDK's packages and nstack's what is not known here may still exist, and what is known is in no other one.
    const holdNothing = stars.every((path) => path === 'io.nstack' || path.startsWith('java.'));
    const seen = modules.length === 0 && !tree.incomplete && holdNothing;
    return seen && (stars.length === 0 || known !== undefined)
      ? { kind: 'missing', needs: known }
      : { kind: 'unseen' };
  }

  /** `com.acme.Click.Kind`: some package, a class of it, and classes in that. */
  function fullName(parts: readonly string[]): Meaning {
    const path = parts.join('.');
    if (/^java(x)?\./.test(path)) return { kind: 'library', path };
    for (let length = 2; length <= parts.length; length += 1) {
      const found = tree.find(parts.slice(0, length - 1).join('.'), parts[length - 1] ?? '');
      if (found !== undefined) return nestedIn(found, parts.slice(length));
    }
    return { kind: 'library', path };
  }

  function nestedIn(outer: Declaration, names: readonly string[]): Meaning {
    let inner = outer;
    for (const name of names) {
      const { found, unseen } = memberType(inner, name);
      if (found === undefined) return unseen ? { kind: 'unseen' } : { kind: 'missing', needs: undefined };
      inner = found;
    }
    return declared(inner);
  }

  /** Types of the declarations around a place, inherited ones included. */
  function inScope(name: string, inside: Declaration | undefined): MemberType {
    let unseen = false;
    for (let outer = inside; outer !== undefined; outer = outer.outer) {
      if (outer.name === name) return { found: outer, unseen };
      const member = memberType(outer, name);
      if (member.found !== undefined) return member;
      unseen ||= member.unseen;
    }
    return { found: undefined, unseen };
  }

  /** A type that stands in another one, or in what that one extends. */
  function memberType(declaration: Declaration, name: string): MemberType {
    const own = declaration.nested.find((type) => type.name === name);
    const search = `${declaration.node.id} ${name}`;
    if (own !== undefined || searched.has(search)) return { found: own, unseen: false };
    searched.add(search);
    const inherited = inheritedType(declaration, name);
    searched.delete(search);
    return inherited;
  }

  function inheritedType(declaration: Declaration, name: string): MemberType {
    const { superclass, interfaces } = supertypesOf(declaration.node);
    let unseen = false;
    for (const written of superclass === undefined ? interfaces : [superclass, ...interfaces]) {
      const path = dotted(written).split('.');
      // What a class extends is not looked for in the class itself, which would never end.
      const meaning = meaningOfPath(path, { file: declaration.file, inside: declaration.outer });
      if (meaning.kind === 'unseen') unseen = true;
      if (meaning.kind === 'library' && !/^(java|io\.nstack)\./.test(meaning.path)) unseen = true;
      if (meaning.kind !== 'declared') continue;
      const inherited = memberType(meaning.declaration, name);
      if (inherited.found !== undefined) return inherited;
      unseen ||= inherited.unseen;
    }
    return { found: undefined, unseen };
  }
}

function declared(declaration: Declaration): Meaning {
  return { kind: 'declared', declaration };
}
