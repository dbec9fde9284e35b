export { createPeer, type PeerOptions } from './peer.ts';
export * from './protocol.ts';
export { CallError } from './rpc-error.ts';
