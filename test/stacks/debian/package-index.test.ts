import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DebianPackage, parsePackageIndex } from '../../../src/stacks/debian/package-index.ts';

const text = [
  'libsvm3\tlibsvm\t3.24+ds-6.1\tlibs',
  'libsvm-dev\tlibsvm\t3.24+ds-6.1\tnon-free/libdevel',
  // A correction of the same package stands before or behind it.
  'libsvm3\tlibsvm\t3.24+ds-6\tlibs',
  'libsvm\tother\t1\tmisc',
  'broken line',
  '',
].join('\n');

describe('the index of Debian', () => {
  const index = parsePackageIndex(text);

  it('finds a package by its whole name, and the first of several', () => {
    expect(index.find('libsvm3')).toEqual({
      name: 'libsvm3',
      source: 'libsvm',
      version: '3.24+ds-6.1',
      section: 'libs',
    });
    expect(index.find('libsvm-dev')?.section).toBe('libdevel');
    for (const name of ['libsv', 'svm3', 'broken line', '', 'libsvm3\tlibsvm', 'libs\nlibsvm', '3.24+ds-6.1'])
      expect(index.find(name)).toBeUndefined();
  });

  it('finds what is built from a source, in order of name, each once', () => {
    expect(index.builtFrom('libsvm').map(({ name, version }) => [name, version])).toEqual([
      ['libsvm-dev', '3.24+ds-6.1'],
      ['libsvm3', '3.24+ds-6.1'],
    ]);
    for (const source of ['svm', '', 'libsvm3', 'libs', '1']) expect(index.builtFrom(source)).toEqual([]);
  });

  it('is of no package where its text is empty', () => {
    const empty = parsePackageIndex('');
    expect([...empty.names, empty.find('a'), ...empty.builtFrom('a')]).toEqual([undefined]);
  });

  it('says what reading all of it says', () => {
    const word = fc.stringMatching(/^[ab+.]{1,2}$/);
    const lines = fc.array(fc.tuple(word, word, word, word), { maxLength: 8 });
    fc.assert(
      fc.property(lines, (all) => {
        const read = parsePackageIndex(all.map((fields) => fields.join('\t')).join('\n'));
        const first = new Map<string, DebianPackage>();
        for (const [name, source, version, section] of all)
          if (!first.has(name)) first.set(name, { name, source, version, section });
        expect([...read.names]).toEqual([...first.keys()]);
        for (const [name] of all) expect(read.find(name)).toEqual(first.get(name));
        for (const [, source] of all)
          expect(read.builtFrom(source)).toEqual(
            [...first.values()]
              .filter((one) => one.source === source)
              .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
          );
      }),
    );
  });
});
