export { parseWorkflow } from './parse-workflow.ts';
export type * from './plan.ts';
export { planWorkflow, type World } from './plan-workflow.ts';
export { printWorkflow } from './print-workflow.ts';
export type { ConnectorInfo } from './resolve-connector.ts';
export { defaultRetry, type RetryPolicy } from './retry-policy.ts';
export type * from './status.ts';
export type * from './supervisor-words.ts';
export type * from './syntax-tree.ts';
