import type { Node } from 'web-tree-sitter';
import { type Diagnostic, nearestWord, type Place } from '../../../core/index.ts';
import { brokenNodes, mostReported, quote } from '../../code/syntax-errors.ts';
import { bracketFault } from './brackets.ts';
import type { Declaration, JavaFile } from './declarations.ts';
import { membersOf } from './declarations.ts';
import { beginnings, keywords } from './keywords.ts';
import { children } from './nodes.ts';

/** Where a file is not Java, from the top. What upsets all that follows is reported alone. */
export function javaSyntaxErrors(file: JavaFile): readonly Diagnostic[] {
  if (!file.root.hasError) return file.types.flatMap((type) => namesAmiss(type, file));
  const fault = bracketFault(file.text);
  if (fault !== undefined) return [describe(file, placeAt(file, fault.index, fault.length), fault.fault)];
  const misspelt = misspeltHead(file);
  if (misspelt !== undefined) return [misspelt];
  return brokenNodes(file.root).map((node) => describeNode(file, node));
}

/** `public clas A {` reads like a variable of the type `clas`. */
function misspeltHead(file: JavaFile): Diagnostic | undefined {
  const head = children(file.root).find(({ type }) => !/^(package|import)_declaration$/.test(type));
  const word = head?.type === 'local_variable_declaration' ? head.childForFieldName('type') : head;
  const isMisspelt = word !== null && word !== undefined && (word.isError || word.id !== head?.id);
  return isMisspelt ? describeNode(file, word, true) : undefined;
}

function describeNode(file: JavaFile, node: Node, unexpectedWord = node.isError): Diagnostic {
  const place = file.placeOf(node);
  if (!unexpectedWord) {
    const name = node.type.endsWith('identifier');
    return describe(file, place, name ? 'a name is missing' : `${quote(node.type)} is missing`);
  }
  const [first = ''] = node.text.trim().split(/\s+/);
  if (first === '') return describe(file, place, 'the line ends too early');
  if (node.parent?.type === 'formal_parameters' && /^[\w$]+$/.test(node.text)) {
    return describe(file, place, `${quote(first)} has no type`);
  }
  const nearest = nearestWord(first, beginnings);
  const hint = nearest === undefined || nearest === first ? {} : { hint: `did you mean "${nearest}"?` };
  const shown = first.slice(0, 40);
  return describe(file, { ...place, length: shown.length }, `unexpected ${quote(shown)}`, hint);
}

/** What the grammar lets pass: methods without a result type, and keywords as names. */
function namesAmiss(type: Declaration, file: JavaFile): readonly Diagnostic[] {
  const own = membersOf(type).flatMap((member): readonly Diagnostic[] => {
    const name = member.childForFieldName('name');
    if (name === null || !/^(method|constructor)_declaration$/.test(member.type)) return [];
    if (member.type === 'constructor_declaration' && name.text !== type.name) {
      const hint = `write what it returns before its name, such as void ${name.text}(...)`;
      return [describe(file, file.placeOf(name), `${quote(name.text)} has no result type`, { hint })];
    }
    return [name, ...parameterNames(member)].flatMap((written) => keywordAsName(written, file));
  });
  const components = type.kind === 'record' ? parameterNames(type.node) : [];
  return [
    ...[type.nameNode, ...components].flatMap((written) => keywordAsName(written, file)),
    ...own,
    ...type.nested.flatMap((inner) => namesAmiss(inner, file)),
  ].slice(0, mostReported);
}

function parameterNames(declaration: Node): readonly Node[] {
  const parameters = declaration.childForFieldName('parameters');
  return (parameters === null ? [] : children(parameters)).flatMap((parameter) => {
    const name = parameter.childForFieldName('name');
    return name === null ? [] : [name];
  });
}

function keywordAsName(name: Node, file: JavaFile): readonly Diagnostic[] {
  if (!keywords.has(name.text)) return [];
  return [describe(file, file.placeOf(name), `${quote(name.text)} is a keyword and no name`)];
}

function placeAt(file: JavaFile, index: number, length: number): Place {
  const before = file.text.slice(0, index).split(/\r\n|\r|\n/);
  return { file: file.file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, length };
}

function describe(
  file: JavaFile,
  place: Place,
  fault: string,
  rest: Pick<Diagnostic, 'hint'> = {},
): Diagnostic {
  const sourceLine = file.line(place.line);
  return {
    code: 'syntax-error',
    severity: 'error',
    message: `${place.file}:${place.line} is not Java: ${fault}`,
    place,
    ...(sourceLine === undefined ? {} : { sourceLine }),
    ...rest,
  };
}
