import { NstackError, nearestWord } from '../core/index.ts';
import { createHaskellStack } from './haskell/haskell-stack.ts';
import { createJavaStack } from './java/java-stack.ts';
import { createPythonStack } from './python/python-stack.ts';
import type { Stack } from './stack.ts';

const stacks: Readonly<Record<string, () => Stack>> = {
  python: createPythonStack,
  java: createJavaStack,
  haskell: createHaskellStack,
};

/** The stack of a language; fails with `stack-unknown`, naming the nearest one. */
export function stackFor(language: string): Stack {
  const create = Object.hasOwn(stacks, language) ? stacks[language] : undefined;
  if (create !== undefined) return create();
  const names = Object.keys(stacks);
  const nearest = nearestWord(language, names);
  throw new NstackError('stack-unknown', `there is no stack "${language}"`, {
    hint: nearest === undefined ? `the stacks are: ${names.join(', ')}` : `did you mean "${nearest}"?`,
  });
}
