import { parsePipeline } from './parse-pipeline.ts';
import type { DefinitionStatement, ImportStatement, Statement } from './syntax-tree.ts';
import type { TokenReader } from './token-reader.ts';
import type { Token } from './tokens.ts';

/** One statement, without its comments; undefined where it has a fault, which is in the reader's findings. */
export function parseStatement(reader: TokenReader): Statement | undefined {
  const { token } = reader;
  if (token.kind === 'declaration') {
    reader.advance();
    const { text, start, end } = token;
    return endOf(reader, {
      kind: 'type',
      declaration: { text, span: { start, end } },
      span: { start, end },
      comments: [],
    });
  }
  const next = reader.peek(1);
  if (isWord(token, 'import') && next.kind === 'name' && !next.fresh) return parseImport(reader);
  return parseDefinition(reader);
}

function parseImport(reader: TokenReader): ImportStatement | undefined {
  const { start } = reader.token;
  reader.advance();
  const service = reader.token;
  if (service.kind !== 'name' || service.member !== undefined) return reader.fail('the name of a service');
  reader.advance();
  let alias: string | undefined;
  if (isWord(reader.token, 'as') && !reader.token.fresh) {
    reader.advance();
    const { token } = reader;
    if (token.kind !== 'name' || token.version !== undefined || token.text.includes('.')) {
      return reader.fail('a short name for the service', 'import Demo.NumChars:0.1.0 as N');
    }
    alias = token.text;
    reader.advance();
  }
  return endOf(reader, {
    kind: 'import',
    service: service.text,
    ...(service.version === undefined ? {} : { version: service.version }),
    ...(alias === undefined ? {} : { alias }),
    span: { start, end: reader.lastEnd },
    comments: [],
  });
}

function parseDefinition(reader: TokenReader): DefinitionStatement | undefined {
  const { start } = reader.token;
  const next = reader.peek(1);
  const hasDef = isWord(reader.token, 'def') && next.kind === 'name' && !next.fresh;
  if (hasDef) reader.advance();
  const after = reader.peek(1);
  let name: string | undefined;
  if (hasDef || (after.kind === 'sign' && after.text === '=')) {
    const { token } = reader;
    if (token.kind !== 'name' || token.version !== undefined || token.text.includes('.')) {
      return reader.fail(
        'a name for the workflow',
        'def clicks = kafka/click-stream -> ClickCleaning -> log',
      );
    }
    if (token.text === 'concat' || token.text === 'filter')
      return reader.fail('another name for the workflow', 'concat and filter are words of the language');
    name = token.text;
    reader.advance();
    if (!reader.takeSign('=')) return reader.fail('"="');
  }
  const pipeline = parsePipeline(reader, 0);
  if (pipeline === undefined) return undefined;
  return endOf(reader, {
    kind: 'definition',
    ...(name === undefined ? {} : { name }),
    pipeline,
    span: { start, end: reader.lastEnd },
    comments: [],
  });
}

/** A statement ends with its line. */
function endOf<T>(reader: TokenReader, statement: T): T | undefined {
  if (reader.atEnd || reader.token.fresh) return statement;
  const { token } = reader;
  if (token.kind === 'sign' && token.text === ':') {
    return reader.fail('-> and the next stage', 'a version has three numbers, such as Clean:1.2.0');
  }
  if (token.kind === 'sign' && token.text === '&') {
    return reader.fail(
      '-> and the next stage',
      'branches stand in parentheses: (kafka/a & kafka/b) -> Clean',
    );
  }
  const isWordLike = token.kind === 'name' || token.kind === 'path' || token.kind === 'number';
  return reader.fail(
    '-> and the next stage',
    isWordLike ? 'join stages with ->, and quote a path with blanks' : undefined,
  );
}

function isWord(token: Token, word: string): boolean {
  return token.kind === 'name' && token.text === word && token.version === undefined;
}
