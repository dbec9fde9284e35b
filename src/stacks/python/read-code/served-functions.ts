import type { Node } from 'web-tree-sitter';
import type { Diagnostic } from '../../../core/index.ts';
import type { CodeApi, CodeFunction, CodeName } from '../../stack.ts';
import { type Binding, readBindings } from './bindings.ts';
import type { FunctionContext } from './functions.ts';
import { readMember } from './members.ts';
import type { PythonFile } from './python-file.ts';
import { ancestors, serviceClasses } from './service-classes.ts';

/** The functions that a module serves: the methods of its one class over nstack.BaseService, or else its own. */
export function readServedFunctions(context: FunctionContext): {
  readonly api: CodeApi;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { scope, source } = context;
  const services = serviceClasses(scope);
  const [service, ...more] = services;
  if (service === undefined)
    return { api: readMembers([scope.bindings], 'function', context), diagnostics: [] };
  const { classes, complete } = ancestors(service, scope);
  const bodies = classes.map(
    (definition) => readBindings(definition.childForFieldName('body') ?? definition).bindings,
  );
  const api = readMembers(bodies, 'method', context);
  const name = `class ${service.childForFieldName('name')?.text ?? ''}`;
  const servedBy = { text: name, place: placeOfName(service, source) };
  return {
    api: {
      ...api,
      others: [...(api.others ?? []), ...functionsOutside(api, name, context)],
      servedBy,
      ...(complete ? {} : { mayHaveMore: true }),
    },
    diagnostics: more.length === 0 ? [] : [severalServices(services, source)],
  };
}

/** `blocks`: bases first; what stands in a later block replaces what an earlier one holds. */
function readMembers(
  blocks: readonly (readonly Binding[])[],
  standing: 'function' | 'method',
  context: FunctionContext,
): CodeApi {
  const byName = new Map<string, readonly Binding[]>();
  for (const block of blocks) {
    for (const [name, bindings] of Map.groupBy(block, (binding) => binding.name)) byName.set(name, bindings);
  }
  const functions: CodeFunction[] = [];
  const others: CodeName[] = [];
  for (const [name, bindings] of byName) {
    const member = isPublic(name) ? readMember(bindings, standing, context) : undefined;
    if (member === undefined) continue;
    if ('what' in member) others.push(member);
    else functions.push(member);
  }
  // What is told of a source that is confirmed is no function.
  const hooks = new Set(functions.flatMap(({ name, source }) => (source === true ? [`${name}_ack`] : [])));
  return { functions: functions.filter(({ name }) => !hooks.has(name)), others, notes: [] };
}

/** Names that begin with _ are the author's own; the hooks are not called by workflows. */
function isPublic(name: string): boolean {
  return !/^(_|startup$|shutdown$|initialize$)/.test(name);
}

function functionsOutside(
  api: CodeApi,
  service: string,
  { scope, source }: FunctionContext,
): readonly CodeName[] {
  const inside = new Set([...api.functions, ...(api.others ?? [])].map(({ name }) => name));
  return scope.bindings
    .filter(({ kind, name }) => kind === 'function' && isPublic(name) && !inside.has(name))
    .map(({ name, node }) => ({
      name,
      what: 'outside',
      text: `outside ${service}, whose methods are served`,
      place: placeOfName(node, source),
    }));
}

function severalServices(services: readonly Node[], source: PythonFile): Diagnostic {
  const [first, second] = services.map((definition) => ({
    name: definition.childForFieldName('name')?.text ?? '',
    place: placeOfName(definition, source),
  }));
  if (first === undefined || second === undefined) throw new Error('two classes are needed');
  const sourceLine = source.line(second.place.line);
  return {
    code: 'several-services',
    severity: 'error',
    message: `${source.file}:${first.place.line} and ${source.file}:${second.place.line} both define a service (${first.name}, ${second.name}), and a file holds one`,
    place: second.place,
    ...(sourceLine === undefined ? {} : { sourceLine }),
    hint: `put the functions of ${second.name} in ${first.name}, or make it a service of its own`,
    related: { message: 'the first one', place: first.place },
  };
}

function placeOfName(definition: Node, source: PythonFile) {
  return source.placeOf(definition.childForFieldName('name') ?? definition);
}
