import { Redis } from 'ioredis';
import { freePorts, startChild, temporaryFolder, until, type Child } from '../system';

const SLOTS = 16_384;
const NODES = 3;

export type RedisCluster = { url: string; nodes: Child[]; stop(): Promise<void> };

/** Three real masters that share the slots, as the smallest cluster is. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const ports = await freePorts(NODES);
  const buses = await freePorts(NODES);
  const nodes = await Promise.all(
    ports.map(async (port, n) => {
      const settings = `--port ${port} --cluster-port ${buses[n]} --bind 127.0.0.1 --dir ${await temporaryFolder()}`;
      const cluster = '--cluster-enabled yes --appendonly yes --maxmemory-policy noeviction';
      return startChild('redis-server', `${settings} ${cluster}`.split(' '));
    }),
  );
  const clients = ports.map((port) => new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null }));
  const share = Math.ceil(SLOTS / NODES);
  for (const [n, client] of clients.entries()) {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', n * share, Math.min(SLOTS, (n + 1) * share) - 1);
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', n + 1);
  }
  for (const n of [1, 2]) await clients[0].call('CLUSTER', 'MEET', '127.0.0.1', ports[n], buses[n]);
  await until('the cluster is one', async () => {
    const states = await Promise.all(clients.map((client) => client.call('CLUSTER', 'INFO')));
    return states.every((state) => /cluster_state:ok[^]*cluster_known_nodes:3/.test(String(state)));
  });
  clients.forEach((client) => client.disconnect());
  return {
    url: `redis+cluster://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`,
    nodes,
    stop: async () => void (await Promise.all(nodes.map((node) => node.end('SIGKILL')))),
  };
}
