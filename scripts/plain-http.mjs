// Stands in for node:http in the bundles: an ES module that imports it has Node look at all that it exports, WebSocket among it, which loads undici: 13 MB and some 30 ms.
const http = process.getBuiltinModule('node:http');
export const {
  Agent,
  ClientRequest,
  createServer,
  get,
  globalAgent,
  IncomingMessage,
  maxHeaderSize,
  METHODS,
  OutgoingMessage,
  request,
  Server,
  ServerResponse,
  setMaxIdleHTTPParsers,
  STATUS_CODES,
  validateHeaderName,
  validateHeaderValue,
} = http;
export default http;
