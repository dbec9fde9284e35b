export { type ConnectOptions, connectEngine } from './connect-engine.ts';
export type * from './engine.ts';
export { ownerLabel } from './sandbox.ts';
