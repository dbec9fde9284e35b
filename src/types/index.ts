export { argumentTypes } from './argument-types.ts';
export type { Api, Case, Field, FunctionType, ScalarKind, Type } from './type.ts';
export type { ArrayScan, Fault, Strictness, Validator } from './validator.ts';
