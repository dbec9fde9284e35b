export { type ConnectOptions, connectEngine } from './connect-engine.ts';
export type * from './engine.ts';
export { ownerLabel, serviceLabel } from './sandbox.ts';
