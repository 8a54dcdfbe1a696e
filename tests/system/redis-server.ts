import { createConnection } from 'node:net';
import { startChild, type Child } from './child';
import { temporaryFolder } from './folders';
import { freePorts } from './ports';
import { until } from './until';

export type RedisServer = {
  url: string;
  /** The process as it is now; another one after a restart. */
  process: Child;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
};

/** A real Redis, as the product runs it. */
export async function startRedis(options: { policy?: string } = {}): Promise<RedisServer> {
  const [port] = await freePorts(1);
  const folder = await temporaryFolder();
  const policy = options.policy ?? 'noeviction';
  const launch = async () => {
    const settings = `--port ${port} --bind 127.0.0.1 --dir ${folder} --appendonly yes --save`.split(' ');
    const child = startChild('redis-server', [...settings, '', '--maxmemory-policy', policy]);
    await until('redis answers', () => answers(port)).catch((error: Error) => {
      throw new Error(`${error.message}: ${child.output()}`);
    });
    return child;
  };
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    process: await launch(),
    restart: async () => {
      server.process = await launch();
    },
  };
  return server;
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
  });
}
