import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { readFileSync } from 'node:fs';
import { freePorts, startChild, temporaryFolder, until, type Child } from '../system';

export type Sentinels = {
  /** As `REDIS_URL` names them. */
  url: string;
  /** The address of the first master itself. */
  masterUrl: string;
  master: Child;
  /** Which port serves as the master, as the sentinel has it. */
  masterPort(): Promise<number>;
  stop(): Promise<void>;
};

const MASTER = 'calls';

/** A master, its replica and the sentinel that watches them, which speak TLS and nothing else. */
export async function startSentinels(): Promise<Sentinels> {
  const folder = await temporaryFolder();
  const { certificate, key } = await selfMade(folder);
  const [master, replica, sentinel] = await freePorts(3);
  const tls = `--tls-cert-file ${certificate} --tls-key-file ${key} --tls-ca-cert-file ${certificate} --tls-auth-clients no --tls-replication yes`;
  const launch = async (port: number, more = '') => {
    const settings = `--port 0 --tls-port ${port} --bind 127.0.0.1 --dir ${await temporaryFolder()} --maxmemory-policy noeviction`;
    return startChild(
      'redis-server',
      `${settings} ${tls} --repl-diskless-sync-delay 0 ${more}`.trim().split(' '),
    );
  };
  const children = [await launch(master), await launch(replica, `--replicaof 127.0.0.1 ${master}`)];
  const settings = join(folder, 'sentinel.conf');
  const lines = [
    ...['port 0', `tls-port ${sentinel}`, 'bind 127.0.0.1', `dir ${folder}`],
    ...tls.slice(2).split(' --'),
    `sentinel monitor ${MASTER} 127.0.0.1 ${master} 1`,
    `sentinel down-after-milliseconds ${MASTER} 1000`,
    `sentinel failover-timeout ${MASTER} 3000`,
  ];
  await writeFile(settings, `${lines.join('\n')}\n`);
  children.push(startChild('redis-server', [settings, '--sentinel']));
  const ask = new Redis({
    ...{ host: '127.0.0.1', port: sentinel, tls: { ca: readFileSync(certificate) } },
    maxRetriesPerRequest: null,
  });
  ask.on('error', () => undefined);
  await until('the sentinel knows the replica', async () => {
    const known = await ask.call('SENTINEL', 'REPLICAS', MASTER);
    return (
      JSON.stringify(known).includes(String(replica)) &&
      /"master-link-status","ok"/.test(JSON.stringify(known))
    );
  });
  const query = `?ca=${certificate}`;
  return {
    url: `rediss+sentinel://127.0.0.1:${sentinel}/${MASTER}${query}`,
    masterUrl: `rediss://127.0.0.1:${master}${query}`,
    master: children[0],
    masterPort: async () => {
      const [, port] = (await ask.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', MASTER)) as [string, string];
      return Number(port);
    },
    stop: async () => {
      ask.disconnect();
      await Promise.all(children.map((child) => child.end('SIGKILL')));
    },
  };
}

/** A certificate that vouches for itself, for this machine's own address. */
async function selfMade(folder: string): Promise<{ certificate: string; key: string }> {
  const [certificate, key] = [join(folder, 'redis.crt'), join(folder, 'redis.key')];
  const kind = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=redis';
  const args = `req ${kind} -addext subjectAltName=IP:127.0.0.1 -keyout ${key} -out ${certificate}`;
  await promisify(execFile)('openssl', args.split(' '));
  return { certificate, key };
}
