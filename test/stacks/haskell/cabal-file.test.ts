import { describe, expect, it } from 'vitest';
import { parseCabalFile } from '../../../src/stacks/haskell/cabal-file.ts';

const text = `cabal-version:      3.0
name:               clicks
version:            0.1.0.0

-- what all parts have
common shared
    default-language: GHC2021
    default-extensions:
      OverloadedStrings
      LambdaCase, DerivingStrategies
    build-depends:    base >=4.17 && <5

common unused
    build-depends: lens

library
    import:           shared
    exposed-modules:  Clicks
    hs-source-dirs:   src, ./lib/
    build-depends:
        text
      , vector ^>= { 0.12, 0.13 }
      , containers:containers
      , clicks:inner
    ghc-options:      -Wall -O2 -threaded
    extra-libraries:  svm
    if os(windows)
      build-depends: Win32
    else
      build-depends: unix
    if !os(windows)
      Build-Depends: posix-api

library inner
    build-depends: inner

test-suite spec
    import:        unused
    build-depends: hspec
`;

describe('a .cabal file', () => {
  it('says what its library is built of', () => {
    expect(parseCabalFile(text)).toEqual({
      sourceFolders: ['src', 'lib'],
      dependencies: [
        { name: 'text', versions: '' },
        { name: 'vector', versions: '^>={0.12,0.13}' },
        { name: 'containers', versions: '' },
        { name: 'unix', versions: '' },
        { name: 'posix-api', versions: '' },
        { name: 'base', versions: '>=4.17&&<5' },
      ],
      options: ['-XGHC2021', '-XOverloadedStrings', '-XLambdaCase', '-XDerivingStrategies', '-Wall', '-lsvm'],
    });
  });

  it('is taken for its programs where it has no library, and has its modules in the folder itself', () => {
    const programs = 'name: x\nexecutable x\n  main-is: Main.hs\n  build-depends: base, aeson >= 2\n';
    expect(parseCabalFile(programs)).toEqual({
      sourceFolders: [''],
      dependencies: [
        { name: 'base', versions: '' },
        { name: 'aeson', versions: '>=2' },
      ],
      options: [],
    });
  });

  it('may be anything', () => {
    expect(parseCabalFile('{{{\n: :\n  x: ,,\n').dependencies).toEqual([]);
  });
});
