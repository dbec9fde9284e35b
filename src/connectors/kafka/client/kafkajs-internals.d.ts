/** The parts of kafkajs 2.2.4 below its consumer and producer that this connector stands on: connections, SASL, TLS, and the smaller requests. */
declare module 'kafkajs/src/broker/index.js' {
  import type ConnectionPool from 'kafkajs/src/network/connectionPool.js';

  interface Coordinates {
    readonly transactionalId: string;
    readonly producerId: string | number;
    readonly producerEpoch: number;
  }

  export default class Broker {
    constructor(options: {
      connectionPool: ConnectionPool;
      logger: unknown;
      allowAutoTopicCreation: boolean;
      authenticationTimeout: number;
    });
    readonly connectionPool: ConnectionPool;
    readonly versions: Readonly<Record<number, { minVersion: number; maxVersion: number }>> | null;
    connect(): Promise<void>;
    findGroupCoordinator(of: { groupId: string; coordinatorType: 0 | 1 }): Promise<{
      coordinator: { nodeId: number; host: string; port: number };
    }>;
    listOffsets(request: {
      replicaId: -1;
      isolationLevel: 1;
      topics: readonly { topic: string; partitions: readonly { partition: number; timestamp: number }[] }[];
    }): Promise<{
      responses: readonly { topic: string; partitions: readonly { partition: number; offset: string }[] }[];
    }>;
    initProducerId(request: {
      transactionalId: string | null;
      transactionTimeout: number;
    }): Promise<{ producerId: string; producerEpoch: number }>;
    addPartitionsToTxn(
      request: Coordinates & { topics: readonly { topic: string; partitions: readonly number[] }[] },
    ): Promise<unknown>;
    addOffsetsToTxn(request: Coordinates & { groupId: string }): Promise<unknown>;
    endTxn(request: Coordinates & { transactionResult: boolean }): Promise<unknown>;
  }
}

declare module 'kafkajs/src/network/connectionPool.js' {
  import type { Socket } from 'node:net';

  export interface RequestQueue {
    readonly pending: readonly unknown[];
    readonly throttledUntil: number;
    scheduleCheckPendingRequests(): void;
  }

  export default class ConnectionPool {
    readonly pool: readonly { readonly requestQueue: RequestQueue }[];
    constructor(options: {
      host: string;
      port: number;
      logger: unknown;
      ssl: object | null;
      sasl: object | null;
      clientId: string;
      connectionTimeout: number;
      requestTimeout: number;
      enforceRequestTimeout: boolean;
      socketFactory: (to: {
        host: string;
        port: number;
        ssl: object | null;
        onConnect: () => void;
      }) => Socket;
    });
    send<T>(protocol: {
      request: { apiKey: number; apiVersion: number; apiName: string; encode(): Promise<unknown> };
      response: { decode(payload: Buffer): Promise<object>; parse(decoded: object): Promise<T> };
      requestTimeout?: number;
      logResponseError: boolean;
    }): Promise<T>;
  }
}

declare module 'kafkajs/src/protocol/error.js' {
  const errors: { createErrorFromCode(code: number): Error & { readonly type: string } };
  export default errors;
}
