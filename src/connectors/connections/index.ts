export {
  type ConnectionChoice,
  connectionFor,
  findConnection,
  type NamedConnection,
  namedByConnections,
} from './connection-for.ts';
export type * from './connections-file.ts';
export { connectionsPath } from './connections-path.ts';
