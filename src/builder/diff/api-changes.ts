import { plainFunction } from '../../registry/index.ts';
import type { Api, FunctionType } from '../../types/index.ts';
import { type Change, change } from './change.ts';
import { shown, typeChanges } from './type-changes.ts';

/** How the functions of a service change; `name` is the service's. Functions are told apart by their names: one that is renamed is one gone and one new. */
export function apiChanges(name: string, before: Api, after: Api): readonly Change[] {
  const [was, is] = [before, after].map(({ functions }) => new Map(functions.map((fn) => [fn.name, fn])));
  const gone = before.functions
    .filter((fn) => !is?.has(fn.name))
    .map((fn) => change('breaking', 'function', fn.name, `is gone (${signature(fn)}): callers may call it`));
  const others = after.functions.flatMap((fn) => {
    const former = was?.get(fn.name);
    if (former !== undefined) return functionChanges(former, fn);
    return [change('compatible', 'function', fn.name, `is new (${signature(fn)}): nobody calls it yet`)];
  });
  return [...gone, ...others, ...nameAlone(name, before, after)];
}

function functionChanges(before: FunctionType, after: FunctionType): readonly Change[] {
  const role = roleChange(before, after);
  if (role !== undefined) return [change('breaking', 'function', after.name, role)];
  return [
    ...typeChanges(before.input, after.input, 'input', 'input'),
    ...typeChanges(before.output, after.output, 'result', 'result'),
  ].map(({ severity, text }) => change(severity, 'function', after.name, text));
}

/** A source, a sink and a function stand in different places of a workflow. */
function roleChange(before: FunctionType, after: FunctionType): string | undefined {
  const [was, is] = [roleOf(before), roleOf(after)];
  if (was === is) return undefined;
  return `is ${is} (${signature(after)}), and was ${was} (${signature(before)}): it stands in another place of a workflow`;
}

function roleOf({ input, output }: FunctionType): string {
  if (input.kind === 'void') return 'a source';
  return output.kind === 'void' ? 'a sink' : 'a function';
}

/** A service's name alone stands for one of its functions where it can mean no other. */
function nameAlone(name: string, before: Api, after: Api): readonly Change[] {
  const was = plainFunction(name, before);
  const is = plainFunction(name, after);
  const stays = after.functions.some((fn) => fn.name === was?.name);
  if (was === undefined || !stays || was.name === is?.name) return [];
  if (is === undefined) {
    const text = `means no function any more where it stands alone in a workflow, and meant ${was.name}: say ${name}.${was.name} there`;
    return [change('note', 'function', name, text)];
  }
  const text = `means ${is.name} where it stands alone in a workflow, and meant ${was.name}`;
  return [change('breaking', 'function', name, text)];
}

function signature({ input, output }: FunctionType): string {
  return `${shown(input)} -> ${shown(output)}`;
}
