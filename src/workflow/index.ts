export type * from './plan.ts';
export type * from './status.ts';
