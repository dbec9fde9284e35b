import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../../src/core/index.ts';
import { createHaskellStack } from '../../../src/stacks/haskell/haskell-stack.ts';
import { haskellFolder } from './support/haskell-folder.ts';

const code = `module Service where
import Data.Text (Text)

data Click = Click { user :: Text, ms :: Int }

greet :: Text -> Int
greet name = name

twice :: Int -> Int
twice x =
  let y = unknownThing x
   in y + "a"

many :: Click -> Int
many (Click
\t{ user = u
  , mz = m }) = m
`;

async function explain(output: string, files: Readonly<Record<string, string>> = { 'Service.hs': code }) {
  const service = await haskellFolder(files);
  const { compile } = await createHaskellStack().recipe(service);
  const found = compile?.explain(output) ?? [];
  return found.map((finding) =>
    renderDiagnostic(finding, { color: false }).replaceAll(`${service.root}/`, ''),
  );
}

describe("GHC's messages", () => {
  it("are findings in the author's file", async () => {
    const output = `[1 of 2] Compiling Service          ( src/Service.hs, obj/Service.o )

Service.hs:7:14: error: [GHC-83865]
    • Couldn't match expected type ‘Int’ with actual type ‘Text’
    • In the expression: name
      In an equation for ‘greet’: greet name = name
  |
7 | greet name = name
  |              ^^^^

Service.hs:11:11-22: error: [GHC-88464]
    Variable not in scope: unknownThing :: Int -> t
   |
11 |   let y = unknownThing x
   |           ^^^^^^^^^^^^

Service.hs:12:11-13: error: [GHC-83865]
    • Couldn't match type ‘[Char]’ with ‘Int’
      Expected: Int
        Actual: String
    • In the second argument of ‘(+)’, namely ‘"a"’
      In the expression: y + "a"
   |
12 |    in y + "a"
   |           ^^^

Service.hs:17:5-6: error: [GHC-76037]
    Not in scope: ‘mz’
    Suggested fix: Perhaps use ‘ms’ (line 4)
   |
17 |   , mz = m }) = m
   |     ^^
`;
    expect(await explain(output)).toEqual([
      `Service.hs:7:14: error: Couldn't match expected type ‘Int’ with actual type ‘Text’ [GHC-83865]
  7 | greet name = name
    |              ^`,
      `Service.hs:11:11: error: Variable not in scope: unknownThing :: Int -> t [GHC-88464]
  11 |   let y = unknownThing x
     |           ^^^^^^^^^^^^`,
      `Service.hs:12:11: error: Couldn't match type ‘[Char]’ with ‘Int’; Expected: Int; Actual: String [GHC-83865]
  12 |    in y + "a"
     |           ^^^`,
      `Service.hs:17:5: error: Not in scope: ‘mz’ [GHC-76037]
  17 |   , mz = m }) = m
     |     ^^
  hint: Suggested fix: Perhaps use ‘ms’ (line 4)`,
    ]);
  });

  it('are read over several lines, on one line, with warnings, tabs and what GHC is at in between', async () => {
    const output = `
Service.hs:(15,7)-(17,12): warning: [GHC-62161] [-Wincomplete-patterns]
    Pattern match(es) are non-exhaustive
[2 of 2] Compiling Main             ( main/Main.hs, obj/Main.o )
    In an equation for ‘many’: Patterns of type ‘Click’ not matched: _
   |
15 | many (Click
   |       ^^^^^...

Service.hs:16:9: error: [GHC-58481] parse error on input ‘{’
   |
16 |         { user = u
   |         ^
`;
    expect(await explain(output)).toEqual([
      `Service.hs:15:7: warning: Pattern match(es) are non-exhaustive [GHC-62161]
  15 | many (Click
     |       ^^^^^`,
      `Service.hs:16:2: error: parse error on input ‘{’ [GHC-58481]
  16 |  { user = u
     |  ^`,
    ]);
  });

  it('say where a library may be missing', async () => {
    const output = `
Service.hs:2:1: error:
    Could not find module ‘Data.Aeson.Lens’
    Perhaps you meant
      Data.Aeson.Key (from aeson-2.1.2.1)
      Data.Aeson.Text (from aeson-2.1.2.1)
    Use -v (or \`:set -v\` in ghci) to see a list of the files searched for.
  |
2 | import Data.Aeson.Lens
  | ^^^^^^^^^^^^^^^^^^^^^^
`;
    expect((await explain(output))[0]).toMatch(
      /error: Could not find module ‘Data\.Aeson\.Lens’\n.*\n.*\n {2}hint: Perhaps you meant Data\.Aeson\.Key \(from aeson-2\.1\.2\.1\), Data\.Aeson\.Text \(from aeson-2\.1\.2\.1\); if Data\.Aeson\.Lens is of a library, add that to "packages"/,
    );
  });

  it('show modules as the author has them, wherever they are', async () => {
    const files = {
      'Service.hs': undefined as unknown as string,
      'greeter.cabal': 'name: greeter\nlibrary\n  hs-source-dirs: lib, more\n',
      'lib/Service.hs': 'import Acme.Words\n\ngreet :: String -> String\ngreet = id\n',
      'more/Acme/Words.hs': 'module Acme.Words where\nimport Service\n',
    };
    const output = `Module graph contains a cycle:
        module ‘Service’ (src/Service.hs)
        imports module ‘Acme.Words’ (src/Acme/Words.hs)
  which imports module ‘Service’ (src/Service.hs)
more/Acme/Words.hs:2:8-14: error: odd
`;
    expect(await explain(output, files)).toEqual([
      `lib/Service.hs:1:1: error: modules import each other in a circle: Service -> Acme.Words -> Service
  1 | import Acme.Words
    | ^
  hint: put what they share in a module of its own`,
      `more/Acme/Words.hs:2:8: error: odd
  2 | import Service
    |        ^^^^^^^`,
    ]);
  });

  it('about the generated program are about the function that is served', async () => {
    const output = `
main/Main.hs:10:5: error: [GHC-39999]
    • No instance for ‘Show Text’ arising from the result of ‘Service.twice’
    • In the untyped splice: $(NStack.Serve.serveModule "Service" "Service.hs")

main/Main.hs:10:5: warning: [GHC-1] unused

<no location info>: error:
    undefined reference to svm_train
`;
    expect(await explain(output)).toEqual([
      `Service.hs:9:1: error: twice cannot be served: No instance for ‘Show Text’ arising from the result of ‘Service.twice’ [GHC-39999]
  9 | twice :: Int -> Int
    | ^^^^^`,
      'error: undefined reference to svm_train',
    ]);
  });

  it('that are none speak for themselves', async () => {
    expect(
      await explain('collect2: error: ld returned 1 exit status\n`gcc` failed in phase `Linker`.'),
    ).toEqual([]);
  });
});
