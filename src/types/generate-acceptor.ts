import { createWideRecord, type Take, widestInline } from './accept-wide-record.ts';
import { type Emit, space } from './emit.ts';
import { type Composite, emitComposite } from './emit-composite.ts';
import { emitScalar, scalarCall } from './emit-scalar.ts';
import * as json from './scan-json.ts';
import * as scalars from './scan-scalars.ts';
import type { Type } from './type.ts';
import type { Strictness } from './validator.ts';

/** The quick look at values of one type. It accepts nothing that is not valid, and leaves what is doubtful to the slow check. */
export interface Acceptor {
  /** The offset just past a value of the type at `p`, or -1 where this is not sure that there is one before `end`. */
  readonly value: Take;
  /**
   * Takes elements of an array from the one at `p` on, as long as it is sure of them, commas stand between them and there is room; writes
   * their bounds from `count` on and answers how many there are then. What stands behind the last one is the caller's to look at.
   */
  readonly elements: (
    bytes: Uint8Array,
    p: number,
    end: number,
    count: number,
    starts: Int32Array,
    ends: Int32Array,
  ) => number;
}

/**
 * Writes JavaScript for one type and compiles it: comparisons of key bytes in the declared order, scalars scanned on the spot, no string
 * and no object made. It is four times as fast as the same scanners put together as closures. Names of fields and cases reach the code as
 * numbers alone, the bytes of their UTF-8, so that no name can become code. `depth` containers are open around each value.
 */
export function generateAcceptor(type: Type, strictness: Strictness, depth = 0): Acceptor {
  const writer = createWriter(strictness);
  const value = writer.inline(type, depth);
  const code = `'use strict';
    const { skipSpace, scanString, scanStringRest, scanNull, scanBoolean, scanValue, plain } = json;
    const { scanInteger, scanDouble, scanJson, scanBase64, scanTimestamp } = scalars;
    function value(b, p, n) {
      let c = 0, q = 0;
      ${value}
      return p;
    }
    function elements(b, p, n, count, starts, ends) {
      const room = starts.length;
      for (; count < room; count++) {
        const start = p;
        p = value(b, p, n);
        if (p < 0) return count;
        starts[count] = start;
        ends[count] = p;
        ${space}
        if (p >= n || b[p] !== 44) return count + 1;
        p++;
        ${space}
      }
      return count;
    }
    ${writer.functions.join('\n')}
    return { value, elements };`;
  const make = new Function('json', 'scalars', 'wide', code) as (...parts: unknown[]) => Acceptor;
  return make(json, scalars, writer.wide);
}

interface Writer extends Emit {
  readonly functions: string[];
  readonly wide: Take[];
}

/** Each composite type becomes a function of its own, once for each depth that it is used at. */
function createWriter(strictness: Strictness): Writer {
  const functions: string[] = [];
  const wide: Take[] = [];
  const known = new Map<Type, Map<number, string>>();

  function inline(type: Type, depth: number): string {
    if (type.kind === 'named') return inline(type.target, depth);
    if (type.kind === 'optional') {
      return `if (p < n && b[p] === 110) { p = scanNull(b, p, n); if (p < 0) return -1; } else { ${inline(type.item, depth)} }`;
    }
    return emitScalar(type, depth) ?? `p = ${call(type, depth)}; if (p < 0) return -1;`;
  }

  function call(type: Type, depth: number): string {
    if (type.kind === 'named') return call(type.target, depth);
    if (type.kind === 'optional')
      return `(p < n && b[p] === 110 ? scanNull(b, p, n) : ${call(type.item, depth)})`;
    return scalarCall(type, depth) ?? `${composite(type as Composite, depth)}(b, p, n)`;
  }

  function composite(type: Composite, depth: number): string {
    const depths = known.get(type) ?? new Map<number, string>();
    known.set(type, depths);
    const done = depths.get(depth);
    if (done !== undefined) return done;
    if (type.kind === 'record' && type.fields.length > widestInline) {
      const fields = type.fields.map((field) => generateAcceptor(field.type, strictness, depth + 1));
      wide.push(
        createWideRecord(
          type.fields,
          fields.map(({ value }) => value),
          strictness,
          depth,
        ),
      );
      depths.set(depth, `wide[${wide.length - 1}]`);
      return `wide[${wide.length - 1}]`;
    }
    const name = `accept${functions.length}`;
    functions.push('');
    functions[Number(name.slice('accept'.length))] = emitComposite(name, type, strictness, depth, {
      inline,
      call,
    });
    depths.set(depth, name);
    return name;
  }

  return { functions, wide, inline, call };
}
