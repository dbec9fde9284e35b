import { describe, expect, it } from 'vitest';
import { stackFor } from '../../src/stacks/stack-for.ts';

describe('the stack of a language', () => {
  it('is found by its name', () => {
    expect(stackFor('python')).toMatchObject({ name: 'python' });
  });

  it.each([
    ['pyton', 'did you mean "python"?'],
    ['cobol', 'the stacks are: python, java, haskell'],
    ['constructor', 'the stacks are: python, java, haskell'],
  ])('that there is not, such as %s, fails with what there is', (language, hint) => {
    expect(() => stackFor(language)).toThrow(expect.objectContaining({ code: 'stack-unknown', hint }));
  });
});
