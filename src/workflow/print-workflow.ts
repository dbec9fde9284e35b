import type { Binding, Element, Pipeline, Statement, Value, WorkflowTree } from './syntax-tree.ts';

/** Lines are broken before an arrow where they would be longer. */
const width = 100;

/** A workflow in its canonical form, comments kept; reading it again gives the same tree but for spans. */
export function printWorkflow(tree: WorkflowTree): string {
  const lines = tree.statements.flatMap((statement) => [
    ...statement.comments,
    `${printStatement(statement)}${statement.remark === undefined ? '' : ` ${statement.remark}`}`,
  ]);
  return [...lines, ...tree.comments].map((line) => `${line}\n`).join('');
}

function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'import': {
      const { service, version, alias } = statement;
      return `import ${service}${version === undefined ? '' : `:${version}`}${alias === undefined ? '' : ` as ${alias}`}`;
    }
    case 'type':
      return statement.declaration.text;
    case 'definition': {
      const head = statement.name === undefined ? '' : `def ${statement.name} = `;
      const line = head + printPipeline(statement.pipeline);
      return line.length <= width ? line : head + breakPipeline(statement.pipeline, '  ');
    }
    default:
      return statement satisfies never;
  }
}

function printPipeline({ elements }: Pipeline): string {
  return elements.map(printElement).join(' -> ');
}

/** Each element on a line of its own; branches that are long for one line stand below each other. */
function breakPipeline({ elements }: Pipeline, indent: string): string {
  return elements
    .map((element) => {
      const line = printElement(element);
      if (element.kind !== 'group' || indent.length + line.length <= width) return line;
      const inner = `${indent}  `;
      const branches = element.branches.map((branch) => {
        const flat = printPipeline(branch);
        return inner.length + flat.length <= width ? flat : breakPipeline(branch, `${inner}  `);
      });
      return `(\n${inner}${branches.join(`\n${inner}& `)}\n${indent})${printRest(element)}`;
    })
    .join(`\n${indent}-> `);
}

function printElement(element: Element): string {
  return printPrimary(element) + printRest(element);
}

function printRest(element: Element): string {
  const type = element.type === undefined ? '' : `<${element.type.text}>`;
  const bindings = element.bindings.length === 0 ? '' : ` ${printBindings(element.bindings)}`;
  const signs = element.postfixes.map(({ kind }) => (kind === 'concat' ? '*' : '?')).join('');
  // Right behind a path they would be signs of it.
  const blank = signs !== '' && element.kind === 'path' && type + bindings === '' ? ' ' : '';
  return type + bindings + blank + signs;
}

function printPrimary(element: Element): string {
  switch (element.kind) {
    case 'reference': {
      const { name, version, member } = element;
      return `${name}${version === undefined ? '' : `:${version}`}${member === undefined ? '' : `.${member}`}`;
    }
    case 'path':
      return `${element.system}/${plainPath.test(element.path) ? element.path : JSON.stringify(element.path)}`;
    case 'group':
      return `(${element.branches.map(printPipeline).join(' & ')})`;
    default:
      return element satisfies never;
  }
}

/** What needs no quotation marks; narrower than what the reader takes. */
const plainPath = /^[\p{L}\p{N}_.~@:%+][\p{L}\p{N}_./~@:%+]*(?:-[\p{L}\p{N}_./~@:%+]+)*$/u;

function printBindings(bindings: readonly Binding[]): string {
  return bindings.length === 0
    ? '{}'
    : `{ ${bindings.map(({ name, value }) => `${printName(name)} = ${printValue(value)}`).join(', ')} }`;
}

function printName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : JSON.stringify(name);
}

function printValue(value: Value): string {
  switch (value.kind) {
    case 'text':
      return JSON.stringify(value.text);
    case 'number':
      return value.text;
    case 'boolean':
      return String(value.value);
    case 'null':
      return 'null';
    case 'list':
      return `[${value.items.map(printValue).join(', ')}]`;
    case 'record':
      return printBindings(value.fields);
    default:
      return value satisfies never;
  }
}
