import { Redis } from 'ioredis';
import { freePorts, startChild, temporaryFolder, until, type Child } from '../system';

const SLOTS = 16_384;
const NODES = 3;

export type RedisCluster = {
  url: string;
  /** In the order of the URL; other ones after a restart. */
  nodes: Child[];
  /** One a node, for looking at it alone. */
  clients: Redis[];
  /** Kills all of them and starts them again on their data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/** Three real masters that share the slots, as the smallest cluster is. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const found = await freePorts(2 * NODES);
  const [ports, buses] = [found.slice(0, NODES), found.slice(NODES)];
  const folders = await Promise.all(ports.map(() => temporaryFolder()));
  const launch = () =>
    ports.map((port, n) => {
      const settings = `--port ${port} --cluster-port ${buses[n]} --bind 127.0.0.1 --dir ${folders[n]}`;
      const cluster = '--cluster-enabled yes --appendonly yes --maxmemory-policy noeviction';
      return startChild('redis-server', `${settings} ${cluster}`.split(' '));
    });
  const nodes = launch();
  const clients = ports.map((port) => new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null }));
  clients.forEach((client) => client.on('error', () => undefined));
  const share = Math.ceil(SLOTS / NODES);
  for (const [n, client] of clients.entries()) {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', n * share, Math.min(SLOTS, (n + 1) * share) - 1);
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', n + 1);
  }
  for (const n of [1, 2]) await clients[0].call('CLUSTER', 'MEET', '127.0.0.1', ports[n], buses[n]);
  const isOne = async () => {
    const states = await Promise.all(clients.map((client) => client.call('CLUSTER', 'INFO')));
    return states.every((state) => /cluster_state:ok[^]*cluster_known_nodes:3/.test(String(state)));
  };
  await until('the cluster is one', isOne);
  const kill = () => Promise.all(nodes.map((node) => node.end('SIGKILL')));
  return {
    url: `redis+cluster://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`,
    nodes,
    clients,
    restart: async () => {
      await kill();
      nodes.splice(0, NODES, ...launch());
      await until('the cluster is one again', isOne);
    },
    stop: async () => {
      clients.forEach((client) => client.disconnect());
      await kill();
    },
  };
}
