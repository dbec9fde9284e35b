import { describe, expect, test } from 'vitest';
import { parsePublishedReference, parseRegistryPlace, repositoryOf } from '../../../src/registry/index.ts';

describe('a place in a registry', () => {
  test.each([
    ['registry.example.com/team', 'registry.example.com', 'team/org/score'],
    ['https://localhost:5000/', 'localhost:5000', 'org/score'],
    ['[::1]:5000/a/b', '[::1]:5000', 'a/b/org/score'],
  ])('holds services below it: %s', (text, host, repository) => {
    const place = parseRegistryPlace(text);
    expect(place.host).toBe(host);
    expect(repositoryOf(place, 'org/Score')).toBe(repository);
  });

  test.each(['team', 'team/score', 'registry.example.com/Team', ''])('is not %j', (text) => {
    expect(() => parseRegistryPlace(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('a reference', () => {
  test.each([
    ['registry.example.com/team/Score:1.2.0', 'team/score', '1.2.0'],
    ['localhost:5000/Score', 'score', undefined],
    ['r.io/a/Demo.NumChars:0.0.1-SNAPSHOT', 'a/demo.numchars', '0.0.1-SNAPSHOT'],
  ])('names a service in a registry: %s', (text, repository, version) => {
    expect(parsePublishedReference(text)).toMatchObject({ repository, version });
  });

  test.each(['Score', 'Score:1.2.0', 'team/Score:1.2.0', 'Demo.NumChars'])(
    'names one that is built here: %s',
    (text) => {
      expect(parsePublishedReference(text)).toBeUndefined();
    },
  );

  test('in a registry has a version or none', () => {
    expect(() => parsePublishedReference('r.io/Score:newest')).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
  });
});
