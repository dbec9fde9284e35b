import { argumentTypes, type FunctionType, type Type } from '../../../types/index.ts';
import type { CodeFunction, CodeType } from '../../stack.ts';

/** Java has no tuples: a record stands for one where the API declares one, its components in their order. */
export function withTuples(found: CodeFunction, declared: FunctionType | undefined): CodeFunction {
  if (declared === undefined) return found;
  const { input, output } = declared;
  const inputs = found.vectorised ? [listOf(input)] : argumentTypes(input);
  const whole = found.parameters.length === 1 && inputs.length !== 1 ? [input] : inputs;
  return {
    ...found,
    parameters: found.parameters.map((parameter, index) => {
      const type = whole[index];
      return type === undefined ? parameter : { ...parameter, type: align(parameter.type, type) };
    }),
    result: align(found.result, found.vectorised ? listOf(output) : output),
  };
}

function listOf(item: Type): Type {
  return { kind: 'list', item };
}

/** The same type, with tuples where `declared` has them. */
function align(code: CodeType, declared: Type): CodeType {
  if (declared.kind === 'named') return align(code, declared.target);
  if (declared.kind === 'optional') {
    return code.kind === 'optional'
      ? { ...code, item: align(code.item, declared.item) }
      : align(code, declared.item);
  }
  switch (code.kind) {
    case 'optional':
      return { ...code, item: align(code.item, declared) };
    case 'list':
    case 'map':
      return declared.kind === code.kind ? { ...code, item: align(code.item, declared.item) } : code;
    case 'record':
      return alignRecord(code, declared);
    case 'sum': {
      if (declared.kind !== 'sum') return code;
      return {
        ...code,
        cases: code.cases.map((one) => {
          const type = declared.cases.find(({ name }) => name === one.name)?.type;
          if (type === undefined) return one;
          const payload = one.payload === undefined ? {} : { payload: align(one.payload, type) };
          return { ...one, type: align(one.type, type), ...payload };
        }),
      };
    }
    default:
      return code;
  }
}

function alignRecord(code: Extract<CodeType, { kind: 'record' }>, declared: Type): CodeType {
  if (declared.kind === 'tuple' && declared.items.length === code.fields.length) {
    const items = code.fields.map(({ type }, index) => {
      const item = declared.items[index];
      return item === undefined ? type : align(type, item);
    });
    return { kind: 'tuple', items, text: code.text };
  }
  if (declared.kind !== 'record') return code;
  return {
    ...code,
    fields: code.fields.map((field) => {
      const type = declared.fields.find(({ name }) => name === field.name)?.type;
      return type === undefined ? field : { ...field, type: align(field.type, type) };
    }),
  };
}
