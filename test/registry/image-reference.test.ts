import { expect, test } from 'vitest';
import { imageReference } from '../../src/registry/index.ts';

test.each([
  ['ClickAnalytics', '1.2.0', 'nstack/clickanalytics:1.2.0'],
  ['Demo.NumChars', '0.1.0-SNAPSHOT', 'nstack/demo.numchars:0.1.0-SNAPSHOT'],
  ['acme/Demo.Num-Chars_2', '1.0.0', 'nstack/acme/demo.num-chars_2:1.0.0'],
])('%s %s is %s, a reference that engines take', (name, version, reference) => {
  expect(imageReference(name, version)).toBe(reference);
  // The grammar of Docker's references, for one component after the other.
  expect(reference).toMatch(
    /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*:[\w][\w.-]{0,127}$/,
  );
});
