import { readType } from './read-syntax.ts';
import type { DeclarationSyntax, Syntax, Word } from './syntax.ts';
import { SyntaxFault, type TokenReader } from './token-reader.ts';

/** Reads all declarations of an API. After a fault of syntax it goes on where the next declaration seems to begin. */
export function readDeclarations(reader: TokenReader): readonly DeclarationSyntax[] {
  const declarations: DeclarationSyntax[] = [];
  while (reader.current.kind !== 'end' && !reader.findings.full) {
    const column = reader.findings.columnOf(reader.current.start);
    const before = reader.current;
    try {
      declarations.push(readDeclaration(reader, declarations));
      expectEndOfLine(reader);
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      if (reader.current === before) reader.next();
      skipToDeclaration(reader, column);
    }
  }
  return declarations;
}

function readDeclaration(reader: TokenReader, declarations: DeclarationSyntax[]): DeclarationSyntax {
  if (reader.isWord('type') && !isColon(reader, 1)) return readTypeDeclaration(reader, declarations);
  if (reader.isWord('fun') && !isColon(reader, 1)) reader.next();
  const name = reader.expectName('a declaration', 'write name : In -> Out or type Name = ...');
  if (reader.is('=')) {
    reader.fail(
      `${name.text} is declared with =`,
      `write type ${name.text} = ... for a type, ${name.text} : In -> Out for a function`,
    );
  }
  reader.expect(':', `after the function's name ${name.text}`, `write ${name.text} : In -> Out`);
  return readFunction(reader, name);
}

function readTypeDeclaration(reader: TokenReader, declarations: DeclarationSyntax[]): DeclarationSyntax {
  reader.next();
  const name = reader.expectName("the type's name", 'write type Name = ...');
  try {
    reader.expect('=', `after type ${name.text}`, `write type ${name.text} = ...`);
    return { kind: 'type', name, body: readType(reader) };
  } catch (error) {
    // Its uses must not be told as unknown on top of the fault.
    const { start, end } = name;
    declarations.push({ kind: 'type', name, body: { kind: 'error', start, end } });
    throw error;
  }
}

function readFunction(reader: TokenReader, name: Word): DeclarationSyntax {
  if (reader.is('->'))
    reader.fail(
      `${name.text} says not what it takes`,
      `write ${name.text} : () -> ... for a function of no arguments`,
    );
  const input = readType(reader);
  if (!reader.is('->')) {
    reader.expect('->', `after the input of ${name.text}`, `write ${name.text} : In -> Out`);
  }
  reader.next();
  const output = readType(reader);
  if (reader.is('->')) reader.fail(`${name.text} has two arrows`, severalArguments(name, input, output));
  return { kind: 'function', name, input, output };
}

function severalArguments(name: Word, input: Syntax, output: Syntax): string {
  const [a, b] = [input, output].map((syntax) => (syntax.kind === 'name' ? syntax.name : undefined));
  return `a function of two arguments is written ${name.text} : (${a ?? 'A'}, ${b ?? 'B'}) -> ...`;
}

function expectEndOfLine(reader: TokenReader): void {
  if (reader.current.kind === 'end' || reader.startsLine()) return;
  const text = reader.describe();
  const hint = text === '=' || text === ':' ? 'each declaration begins a line' : undefined;
  reader.fail(`expected the end of the line, found ${text}`, hint);
}

/** To the next line that begins like a declaration and no deeper than the faulty one did, so that no field of a record is taken for one. */
function skipToDeclaration(reader: TokenReader, column: number): void {
  while (reader.current.kind !== 'end') {
    const indent = reader.findings.columnOf(reader.current.start);
    if (reader.startsLine() && indent <= column && startsDeclaration(reader)) return;
    reader.next();
  }
}

function startsDeclaration(reader: TokenReader): boolean {
  if (reader.current.kind !== 'name') return false;
  return (
    isColon(reader, 1) || ((reader.isWord('type') || reader.isWord('fun')) && reader.at(1).kind === 'name')
  );
}

function isColon(reader: TokenReader, ahead: number): boolean {
  const token = reader.at(ahead);
  return token.kind === 'sign' && token.text === ':';
}
