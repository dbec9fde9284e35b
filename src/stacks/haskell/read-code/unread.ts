import type { HaskellModule } from './haskell-module.ts';

const signature = /^([a-z_][\w']*(?:\s*,\s*[a-z_][\w']*)*)\s*::/;
const equation = /^([a-z_][\w']*)(?=\s[^:]*[=|])/;
const keywords =
  /^(?:case|class|data|default|deriving|do|else|foreign|if|import|in|infix[lr]?|instance|let|module|newtype|of|pattern|then|type|where)$/;

/**
 * Names that a module may define where it was not understood, by the lines that begin with them: what is behind `#else`, or in a part that the
 * grammar does not know.
 */
export function unreadNames(
  module: HaskellModule,
): ReadonlyMap<string, { readonly line: number; readonly column: number }> {
  const names = new Map<string, { line: number; column: number }>();
  if (!module.unread) return names;
  const { values, members } = module.declarations;
  for (let number = 1, line = module.line(1); line !== undefined; number += 1, line = module.line(number)) {
    const found = signature.exec(line) ?? equation.exec(line);
    for (const name of found?.[1]?.split(/\s*,\s*/) ?? []) {
      if (keywords.test(name) || values.has(name) || members.has(name) || names.has(name)) continue;
      names.set(name, { line: number, column: line.indexOf(name) + 1 });
    }
  }
  return names;
}
