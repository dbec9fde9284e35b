import { expect, test } from 'vitest';
import { splitReference } from '../../src/engine/image-reference.ts';

test.each([
  ['nstack/score:1.2.0', 'nstack/score', '1.2.0'],
  ['localhost:5000/nstack/score:1.2.0', 'localhost:5000/nstack/score', '1.2.0'],
  ['localhost:5000/nstack/score', 'localhost:5000/nstack/score', 'latest'],
  ['debian', 'debian', 'latest'],
])('%s is the repository %s and the tag %s', (reference, repository, tag) => {
  expect(splitReference(reference)).toEqual({ repository, tag });
});
