export type * from './connector.ts';
export { connectors, findConnector } from './connectors.ts';
