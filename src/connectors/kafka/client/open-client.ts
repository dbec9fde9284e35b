import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type Broker from 'kafkajs/src/broker/index.js';
import type { RequestQueue } from 'kafkajs/src/network/connectionPool.js';
import { NstackError } from '../../../core/index.ts';
import type { KafkaSettings } from '../settings.ts';
import { createBroker } from './broker.ts';
import type { KafkaBroker, KafkaClient } from './kafka-client.ts';
import { failureKind } from './kafka-failure.ts';
import { type ClusterMetadata, metadataRequest } from './metadata-request.ts';
import { rawVersions } from './raw-request.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

interface Node {
  readonly address: Address;
  readonly opened: Promise<Broker>;
  readonly sockets: Set<Socket>;
}

/** Number of the brokers that the settings name, which are not known by their own yet. */
const seedId = -1;

/** A client on kafkajs's connections, for one owner; `clientId` is what brokers see. */
export async function openClient(settings: KafkaSettings, clientId: string): Promise<KafkaClient> {
  const { default: BrokerClass } = await import('kafkajs/src/broker/index.js');
  const { default: Pool } = await import('kafkajs/src/network/connectionPool.js');
  const nodes = new Map<number, Node>();
  const addresses = new Map<number, Address>();
  let seed = 0;
  let closed = false;

  function node(id: number, address: Address): Node {
    const present = nodes.get(id);
    if (
      present !== undefined &&
      present.address.host === address.host &&
      present.address.port === address.port
    )
      return present;
    drop(id);
    const made = openNode(address);
    nodes.set(id, made);
    made.opened.catch(() => {
      if (nodes.get(id) === made) drop(id);
    });
    return made;
  }

  function openNode(address: Address): Node {
    const sockets = new Set<Socket>();
    const connectionPool = new Pool({
      ...address,
      logger: silent,
      ssl: settings.tls ?? null,
      sasl: settings.sasl ?? null,
      clientId,
      connectionTimeout: settings.connectTimeout,
      requestTimeout: settings.requestTimeout,
      enforceRequestTimeout: true,
      socketFactory: ({ host, port, ssl, onConnect }) => {
        const socket = openSocket({ host, port }, ssl, onConnect);
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
        return socket;
      },
    });
    for (const { requestQueue } of connectionPool.pool) sparePolls(requestQueue);
    const broker = new BrokerClass({
      allowAutoTopicCreation: false,
      authenticationTimeout: settings.connectTimeout,
      logger: silent,
      connectionPool,
    });
    return { address, sockets, opened: connected(broker, address) };
  }

  async function connected(broker: Broker, { host, port }: Address): Promise<Broker> {
    await broker.connect();
    for (const [key, version] of Object.entries(rawVersions)) {
      const known = broker.versions?.[Number(key)];
      if (known !== undefined && known.minVersion <= version && version <= known.maxVersion) continue;
      throw new NstackError(
        'connection-invalid',
        `the broker ${host}:${port} is of a Kafka that is too old`,
        {
          hint: 'nstack needs Kafka 2.5 or newer.',
        },
      );
    }
    return broker;
  }

  function drop(id: number): void {
    const dropped = nodes.get(id);
    nodes.delete(id);
    // An error, and not a mere end: requests under way reject with it.
    for (const socket of dropped?.sockets ?? []) socket.destroy(new Error('the connection was given up'));
  }

  async function broker(id: number, address = addresses.get(id)): Promise<KafkaBroker> {
    if (closed) throw new NstackError('broker-unavailable', 'the client is closed');
    if (address === undefined)
      throw new NstackError('broker-unavailable', `no broker with the number ${id} is known`);
    const opened = await node(id, address).opened;
    return createBroker(id, opened);
  }

  /** A broker that answers: one that is known, else one of those that the settings name, in turn. */
  async function anyBroker<T>(work: (broker: KafkaBroker) => Promise<T>): Promise<T> {
    let failure: unknown;
    for (const id of [...nodes.keys()].filter((known) => known !== seedId)) {
      try {
        return await work(await broker(id));
      } catch (error) {
        if (failureKind(error) === 'moved') throw error;
        failure = error;
        drop(id);
      }
    }
    for (const _ of settings.brokers) {
      const address = settings.brokers[seed++ % settings.brokers.length] as Address;
      try {
        return await work(await broker(seedId, address));
      } catch (error) {
        if (failureKind(error) === 'moved') throw error;
        if (failure === undefined || failureKind(failure) !== 'final') failure = error;
      } finally {
        // It is known by its number from now on.
        drop(seedId);
      }
    }
    throw failure;
  }

  async function metadata(topics: readonly string[] | null, mayCreate: boolean): Promise<ClusterMetadata> {
    const found = await anyBroker((any) => any.send(metadataRequest(topics, mayCreate)));
    for (const { id, host, port } of found.brokers) addresses.set(id, { host, port });
    return found;
  }

  return {
    metadata,
    broker,
    async coordinator(kind, key) {
      const { nodeId, host, port } = await anyBroker((any) => findCoordinator(any, kind, key));
      addresses.set(nodeId, { host, port });
      return broker(nodeId);
    },
    drop,
    close() {
      closed = true;
      for (const id of [...nodes.keys()]) drop(id);
    },
  };

  async function findCoordinator({ id }: KafkaBroker, kind: 'group' | 'transaction', key: string) {
    const opened = await nodes.get(id)?.opened;
    if (opened === undefined) throw new NstackError('broker-unavailable', 'the connection was given up');
    const coordinatorType = kind === 'group' ? 0 : 1;
    return (await opened.findGroupCoordinator({ groupId: key, coordinatorType })).coordinator;
  }
}

function openSocket({ host, port }: Address, ssl: object | null, onConnect: () => void): Socket {
  const socket =
    ssl === null
      ? connectTcp({ host, port }, onConnect)
      : connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect);
  socket.setNoDelay(true);
  return socket.setKeepAlive(true, 60_000);
}

/**
 * kafkajs sets a timer for each request, to look at those that it holds back, with a negative time where it holds back none; Node warns of that. A look is needed
 * only where there is something to look at.
 */
function sparePolls(queue: RequestQueue): void {
  const schedule = queue.scheduleCheckPendingRequests.bind(queue);
  queue.scheduleCheckPendingRequests = () => {
    if (queue.pending.length > 0 || queue.throttledUntil > Date.now()) schedule();
  };
}

/** kafkajs says everything twice, as an error too; what people need to know is said where that is handled. */
const nothing = () => {};
const silent = { namespace: () => silent, error: nothing, warn: nothing, info: nothing, debug: nothing };
