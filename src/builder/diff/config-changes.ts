import { isDeepStrictEqual } from 'node:util';
import type { ConfigParameter } from '../../manifest/index.ts';
import { type Change, change } from './change.ts';
import { shown, typeChanges } from './type-changes.ts';

/** How the parameters that a workflow may set change. They are an input: what could be set must still be possible, and what could be left out too. */
export function configChanges(
  before: readonly ConfigParameter[],
  after: readonly ConfigParameter[],
): readonly Change[] {
  const was = new Map(before.map((parameter) => [parameter.name, parameter]));
  const is = new Set(after.map(({ name }) => name));
  const gone = before
    .filter(({ name }) => !is.has(name))
    .map(({ name }) =>
      change('breaking', 'parameter', name, 'is gone: a workflow that sets it is no longer one'),
    );
  const others = after.flatMap((parameter) => {
    const former = was.get(parameter.name);
    return former === undefined ? [added(parameter)] : parameterChanges(former, parameter);
  });
  return [...gone, ...others];
}

function added({ name, type, default: value }: ConfigParameter): Change {
  const is = `is new (${shown(type)})`;
  if (value === undefined)
    return change('breaking', 'parameter', name, `${is} and has no default: a workflow must set it`);
  return change('compatible', 'parameter', name, `${is}: where nobody sets it, it is ${json(value)}`);
}

function parameterChanges(before: ConfigParameter, after: ConfigParameter): readonly Change[] {
  const { name } = after;
  const types = typeChanges(before.type, after.type, 'input', name);
  return [
    // Its own name stands before each, so that only what is inside of it has to be said.
    ...types.map(({ severity, text }) =>
      change(severity, 'parameter', name, text.startsWith(`${name} `) ? text.slice(name.length + 1) : text),
    ),
    ...defaultChanges(before, after),
  ];
}

function defaultChanges(before: ConfigParameter, after: ConfigParameter): readonly Change[] {
  const { name } = after;
  const [was, is] = [before.default, after.default];
  if (isDeepStrictEqual(was, is)) return [];
  if (is === undefined)
    return [change('breaking', 'parameter', name, `has no default any more: it was ${json(was)}`)];
  if (was === undefined) return [change('compatible', 'parameter', name, `has a default now: ${json(is)}`)];
  return [change('note', 'parameter', name, `is ${json(is)} where nobody sets it, and was ${json(was)}`)];
}

function json(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
