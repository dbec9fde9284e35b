import { Agent } from 'node:http';
import { inspect } from 'node:util';

/**
 * Keeps connections to an engine's socket, as Node's own agent would, but for a server without a name: to see that the name is no address, Node would first
 * compile the patterns of addresses, which takes longer than a request.
 */
export function createSocketAgent(): Agent {
  const options = { keepAlive: true, scheduling: 'lifo', timeout: 5_000, servername: '' } as const;
  return new SocketAgent(options);
}

class SocketAgent extends Agent {
  /** The client library writes each request, and all that hangs on it, for its debug log, whether that is read or not. */
  [inspect.custom](): string {
    return 'SocketAgent';
  }
}
