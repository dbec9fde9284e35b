import type { ErrorObject } from 'ajv';
import { isMapping, type SchemaNode } from './settings-schema.ts';

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'nothing',
};

/** What a value must be, without the value. */
export function expectation({ keyword, params, message, parentSchema }: ErrorObject): string {
  const { errorMessage } = (parentSchema ?? {}) as SchemaNode;
  if (typeof errorMessage === 'string') return `must be ${errorMessage}`;
  if (keyword === 'enum') return `must be one of ${params.allowedValues.join(', ')}`;
  if (keyword === 'type') return `must be ${wordsOf([params.type].flat())}`;
  if (keyword === 'minLength' && params.limit === 1) return 'must not be empty';
  if (keyword === 'minItems' && params.limit === 1) return 'must have an entry at least';
  if (keyword === 'anyOf' || keyword === 'oneOf') {
    const branches = ((parentSchema ?? {}) as SchemaNode)[keyword];
    return `must be ${wordsOf(typesOf(branches))}`;
  }
  return message ?? 'does not fit';
}

/** Types of the branches of a choice, also behind the question whether they are references. */
function typesOf(branches: unknown): readonly string[] {
  if (!Array.isArray(branches)) return [];
  const types = branches.flatMap((branch) => {
    const node = isMapping(branch) && isMapping(branch.else) ? branch.else : branch;
    return isMapping(node) ? [node.type].flat() : [];
  });
  return [...new Set(types.filter((type) => typeof type === 'string'))];
}

function wordsOf(types: readonly string[]): string {
  return types.map((type) => typeWords[type] ?? type).join(' or ') || 'something else';
}
