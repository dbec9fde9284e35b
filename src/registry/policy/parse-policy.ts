import { dirname, isAbsolute, resolve } from 'node:path';
import { type Diagnostic, lineOf, NstackError, nearestWord } from '../../core/index.ts';
import {
  decodeSource,
  type Path,
  pathText,
  type Reporter,
  readYaml,
  show,
  type TextKind,
  yamlReporter,
} from '../../manifest/index.ts';
import { type PublicKey, readPublicKey } from '../signatures/public-key.ts';
import type { Policy, PolicyRule } from './policy.ts';

const policyText: TextKind = {
  noun: 'a policy',
  quotable: true,
  hints: {
    tooLarge: 'a rule may stand for many services: "acme/*"',
    severalDocuments: 'a machine has one policy, with all its rules',
  },
};

const example = 'rules:\n  - services: ["acme/*"]\n    signedBy: [release.pub]';

/** The text of a policy, checked, with the keys that it names. Without a fault it is the policy; never throws. */
export async function parsePolicy(
  bytes: Uint8Array,
  { path, file }: { readonly path: string; readonly file: string },
): Promise<{ readonly policy: Policy; readonly diagnostics: readonly Diagnostic[] }> {
  const none = { file, rules: [] };
  const source = decodeSource(bytes, file, policyText);
  if (!('text' in source)) return { policy: none, diagnostics: source };
  const yaml = readYaml(source);
  if (yaml === undefined) return { policy: none, diagnostics: source.findings.diagnostics };
  const reporter = yamlReporter(source, yaml);
  const { value } = yaml;
  const entries = isMapping(value) ? value.rules : undefined;
  if (!isMapping(value) || !Array.isArray(entries)) {
    reporter.report([], 'wrong-value', `${file} has no list "rules"`, { hint: `write:\n${example}` });
    return { policy: none, diagnostics: reporter.diagnostics };
  }
  reportUnknown(value, [], ['rules'], reporter);
  const rules = await Promise.all(
    entries.map(async (entry: unknown, index): Promise<PolicyRule> => {
      const at = ['rules', index];
      const place = { file, ...reporter.position(at) };
      const rule = isMapping(entry) ? entry : {};
      if (!isMapping(entry))
        reporter.report(at, 'wrong-value', `${pathText(at)} must be a mapping`, { hint: example });
      reportUnknown(rule, at, ['services', 'signedBy'], reporter);
      const services = texts(rule.services, [...at, 'services'], reporter);
      const named = texts(rule.signedBy, [...at, 'signedBy'], reporter);
      const keys = await Promise.all(
        named.map((name, nth) => keyOf(name, { path, at: [...at, 'signedBy', nth], reporter })),
      );
      return {
        services,
        keys: keys.filter((key) => key !== undefined),
        place,
        sourceLine: lineOf(source.text, place.line),
      };
    }),
  );
  return { policy: { file, rules }, diagnostics: reporter.diagnostics };
}

/** A list of texts with one entry at least. An empty one would let everything pass, or nothing. */
function texts(value: unknown, at: Path, reporter: Reporter): readonly string[] {
  const list = Array.isArray(value) ? value : [];
  if (list.length > 0 && list.every((item) => typeof item === 'string' && item !== '')) return list;
  const what = at.at(-1) === 'services' ? 'names of services' : 'public key files';
  reporter.report(at, 'wrong-value', `${pathText(at)} must be a list of ${what}`, {
    hint: `write:\n${example}`,
  });
  return [];
}

async function keyOf(
  name: string,
  { path, at, reporter }: { readonly path: string; readonly at: Path; readonly reporter: Reporter },
): Promise<PublicKey | undefined> {
  const file = isAbsolute(name) ? name : resolve(dirname(path), name);
  try {
    return await readPublicKey(file, name);
  } catch (error) {
    if (!(error instanceof NstackError)) throw error;
    reporter.report(at, 'wrong-key', error.message, { hint: 'paths start from the folder of the policy' });
    return undefined;
  }
}

function reportUnknown(
  value: Readonly<Record<string, unknown>>,
  at: Path,
  known: readonly string[],
  reporter: Reporter,
): void {
  for (const key of Object.keys(value).filter((one) => !known.includes(one))) {
    const near = nearestWord(key, known);
    reporter.report([...at, key], 'unknown-key', `unknown key ${show(key)}`, {
      hint: near === undefined ? `the keys are ${known.join(', ')}` : `did you mean "${near}"?`,
      at: 'key',
    });
  }
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
