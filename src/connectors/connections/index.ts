export {
  type ConnectionChoice,
  connectionFor,
  findConnection,
  type NamedConnection,
} from './connection-for.ts';
export { connectionWords } from './connection-words.ts';
export type * from './connections-file.ts';
export { connectionsPath } from './connections-path.ts';
export { loadConnections, readConnections } from './read-connections.ts';
export { referenceWords } from './read-reference.ts';
export { type ResolveOptions, resolveConnection } from './resolve-connection.ts';
export { ReferenceFailure, resolveReference } from './resolve-reference.ts';
export { resolveSecrets } from './resolve-secrets.ts';
export { testConnection } from './test-connection.ts';
