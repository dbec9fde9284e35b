import type { Diagnostic } from '../core/index.ts';
import { Findings } from '../types/index.ts';
import { parseStatement } from './parse-statement.ts';
import type { Statement, WorkflowTree } from './syntax-tree.ts';
import { TokenReader } from './token-reader.ts';
import { tokenize } from './tokens.ts';

/** Longest workflow text in UTF-16 code units. */
const longestText = 256 * 1024;

/**
 * Reads a workflow text: imports, type declarations, and definitions or one pipeline without a name. Every fault of syntax is
 * in `diagnostics`, with its place; the tree holds the statements that have none. Never throws.
 */
export function parseWorkflow(
  text: string,
  file = '<workflow>',
): { readonly tree: WorkflowTree; readonly diagnostics: readonly Diagnostic[] } {
  const findings = new Findings(text, { file, line: 1, column: 0, indent: 0 });
  if (text.length > longestText || !text.isWellFormed()) {
    const fault =
      text.length > longestText
        ? `has more than ${longestText} characters`
        : 'is no well-formed Unicode text';
    findings.error('bad-text', { start: 0, end: 1 }, `the workflow ${fault}`);
    return { tree: { file, text: '', statements: [], comments: [] }, diagnostics: findings.diagnostics };
  }
  const { tokens, comments } = tokenize(text, findings);
  const reader = new TokenReader(tokens, findings);
  const statements: Statement[] = [];
  let told = 0;
  while (!reader.atEnd && !findings.full) {
    const statement = parseStatement(reader);
    if (statement === undefined) {
      reader.skipStatement();
      continue;
    }
    // Comments up to the statement's end belong to it, and one that stands behind it on its last line.
    const own: string[] = [];
    for (; (comments[told]?.start ?? Number.POSITIVE_INFINITY) < statement.span.end; told++)
      own.push(comments[told]?.text ?? '');
    const behind = comments[told];
    const isRemark = behind !== undefined && !text.slice(statement.span.end, behind.end).includes('\n');
    if (isRemark) told++;
    statements.push({ ...statement, comments: own, ...(isRemark ? { remark: behind.text } : {}) });
  }
  const rest = comments.slice(told).map((comment) => comment.text);
  return { tree: { file, text, statements, comments: rest }, diagnostics: findings.diagnostics };
}
