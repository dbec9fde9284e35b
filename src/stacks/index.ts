export type * from './stack.ts';
