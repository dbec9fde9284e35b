import { createRequire } from 'node:module';
import type { RequestQueue } from 'kafkajs/src/network/connectionPool.js';

/*
 * After every answer kafkajs sets a timer to look at the requests that it holds back, with a negative time where it holds back none. That is harmless, but Node warns of
 * it. Clients of the tests get what src/connectors/kafka/client/open-client.ts does to the connections of nstack: no timer where there is nothing to look at.
 */
const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as {
  readonly prototype: RequestQueue;
};
const schedule = prototype.scheduleCheckPendingRequests;
prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
  if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
};
