import { readType } from './read-syntax.ts';
import type { DeclarationSyntax } from './syntax.ts';
import { SyntaxFault, type TokenReader } from './token-reader.ts';

/** Reads all the declarations of an API; one that is faulty is reported and left out, and the next one is read. */
export function readDeclarations(reader: TokenReader): readonly DeclarationSyntax[] {
  const declarations: DeclarationSyntax[] = [];
  while (!atEnd(reader)) {
    try {
      declarations.push(readDeclaration(reader));
      if (!atEnd(reader) && !reader.startsLine()) {
        reader.fail(
          `expected the end of the declaration, found ${reader.describe()}`,
          'each declaration stands on its own line',
        );
      }
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      skipToDeclaration(reader);
    }
  }
  return declarations;
}

/** `type Name = T`, or `name : In -> Out` with or without `fun`. */
function readDeclaration(reader: TokenReader): DeclarationSyntax {
  if (reader.isWord('type') && reader.at(1).kind === 'name') {
    reader.next();
    const name = reader.expectName("the type's name");
    reader.expect('=', `after the type ${name.text}`, `write type ${name.text} = ...`);
    return { kind: 'type', name, body: readType(reader) };
  }
  if (reader.isWord('fun') && reader.at(1).kind === 'name') reader.next();
  const name = reader.expectName("a function's name", 'a function is written name : In -> Out');
  reader.expect(':', `after the function ${name.text}`, `write ${name.text} : In -> Out`);
  const input = readType(reader);
  reader.expect('->', `after what ${name.text} takes`, `write ${name.text} : In -> Out`);
  return { kind: 'function', name, input, output: readType(reader) };
}

/** The next token that begins a line and looks like a declaration, so that one fault is told once. */
function skipToDeclaration(reader: TokenReader): void {
  do reader.next();
  while (!atEnd(reader) && !(reader.startsLine() && beginsDeclaration(reader)));
}

function atEnd(reader: TokenReader): boolean {
  return reader.current.kind === 'end';
}

function beginsDeclaration(reader: TokenReader): boolean {
  const [first, second] = [reader.at(0), reader.at(1)];
  if (first.kind !== 'name') return false;
  if (first.text === 'type' || first.text === 'fun') return second.kind === 'name';
  return second.kind === 'sign' && second.text === ':';
}
