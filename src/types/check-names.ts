import { builtinNames } from './builtin-names.ts';
import type { DeclarationSyntax, Word } from './syntax.ts';
import type { Findings } from './text-origin.ts';

/** Names that the bridge keeps for itself, docs/bridge-protocol.md "Reserved". */
const reservedFunctions: ReadonlySet<string> = new Set(['initialize', 'shutdown', 'startup', 'next', 'ack']);

/** Checks the names that declarations give: none twice, none that means something already. */
export function checkNames(declarations: readonly DeclarationSyntax[], findings: Findings): void {
  const first = { type: new Map<string, Word>(), function: new Map<string, Word>() };
  for (const { kind, name } of declarations) {
    const earlier = first[kind].get(name.text);
    if (earlier === undefined) first[kind].set(name.text, name);
    else {
      findings.error(`duplicate-${kind}`, name, `the ${kind} ${name.text} is declared for the second time`, {
        first: earlier,
      });
    }
    if (kind === 'type') checkTypeName(name, findings);
    else checkFunctionName(name, findings);
  }
}

function checkTypeName(name: Word, findings: Findings): void {
  if (builtinNames.has(name.text)) {
    findings.error('reserved-name', name, `${name.text} is a type of the language already`, {
      hint: `choose another name, such as My${name.text}`,
    });
  } else if (!/^[A-Z]/.test(name.text)) {
    const hint = /^[a-z]/.test(name.text)
      ? `write ${name.text[0]?.toUpperCase()}${name.text.slice(1)}`
      : undefined;
    findings.error('bad-name', name, `a type's name begins with a capital letter, unlike ${name.text}`, {
      hint,
    });
  }
}

function checkFunctionName(name: Word, findings: Findings): void {
  if (reservedFunctions.has(name.text)) {
    findings.error(
      'reserved-name',
      name,
      `no function may be named ${name.text}, which the bridge uses itself`,
      { hint: 'choose another name' },
    );
  } else if (name.text.startsWith('_')) {
    findings.error(
      'reserved-name',
      name,
      `${name.text} begins with _, and such functions are private to the code`,
      { hint: `name it ${name.text.replace(/^_+/, '') || 'otherwise'}` },
    );
  }
}
