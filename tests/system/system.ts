import { basename, isAbsolute } from 'node:path';
import { createClient, type Client, type Recording } from '@bonafide/client';
import { LEAN_PROCESS, openStore, readConfig, type ObjectStore } from '@bonafide/platform';
import { Redis } from 'ioredis';
import { openAsBlob } from 'node:fs';
import { startChild, type Child } from './child';
import { fixture, removeTemporaryFolders, temporaryFolder } from './folders';
import { programOf } from './programs';
import { startRedis, type RedisServer } from './redis-server';
import { S3_CREDENTIALS, startS3, type Room, type S3Server } from './s3-server';
import { until } from './until';

export type StoreKind = 's3' | 'folder';

/** The service as it runs in production: real processes, a real Redis, a real store. */
export type System = {
  url: string;
  client: Client;
  /** For looking behind the front door. */
  redis: Redis;
  store: ObjectStore;
  redisServer: RedisServer;
  s3Server?: S3Server;
  api: Child;
  workers: Child[];
  /** What its processes run with, for commands on the same data. */
  env: NodeJS.ProcessEnv;
  startWorker(env?: Record<string, string>): Promise<Child>;
  /** One more API process on the same data; its address. */
  startApi(env?: Record<string, string>): Promise<string>;
  stop(): Promise<void>;
};

export type SystemOptions = {
  store: StoreKind;
  workers?: number;
  env?: Record<string, string>;
  /** Whether the S3 server asks for signatures, as real ones do. */
  s3Access?: 'open' | 'signed';
  /** How much the S3 server has room for; much, where nothing is said. */
  s3Room?: Room;
};

/** From source, on a machine that is busy with other suites. */
const START_SEC = 90;

export async function startSystem(options: SystemOptions): Promise<System> {
  const [redisServer, s3Server, dataDir] = await Promise.all([
    startRedis(),
    options.store === 's3' ? startS3({ access: options.s3Access, room: options.s3Room }) : undefined,
    temporaryFolder(),
  ]);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...(s3Server && { ...S3_CREDENTIALS, S3_ENDPOINT: s3Server.endpoint, S3_BUCKET: 'bonafide' }),
    DATA_DIR: dataDir,
    // What a killed worker leaves behind goes with the rest.
    TMPDIR: dataDir,
    REDIS_URL: redisServer.url,
    PORT: '0',
    ...options.env,
  };
  Object.assign(process.env, S3_CREDENTIALS);
  const launch = (app: 'api' | 'worker', more?: Record<string, string>) => {
    // As `npm start` and the image start it.
    const { execArgv, env: lean } = app === 'worker' ? LEAN_PROCESS : { execArgv: [], env: {} };
    return startChild(process.execPath, [...execArgv, ...programOf(app)], { ...lean, ...env, ...more });
  };
  const api = launch('api');
  const workers = Array.from({ length: options.workers ?? 1 }, () => launch('worker'));
  const redis = new Redis(redisServer.url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  const store = await openStore(readConfig(env).store);
  const url = await listening(api);
  const system: System = {
    ...{ url, client: createClient(url), redis, store, redisServer, s3Server, api, workers, env },
    startWorker: async (more) => {
      const worker = launch('worker', more);
      workers.push(worker);
      await working(worker);
      return worker;
    },
    startApi: async (more) => {
      const another = launch('api', more);
      workers.push(another);
      return listening(another);
    },
    stop: async () => {
      await Promise.all([api.end(), ...workers.map((worker) => worker.end())]);
      redis.disconnect();
      store.close();
      await Promise.all([redisServer.process.end(), s3Server?.process.end('SIGKILL')]);
      await removeTemporaryFolders();
    },
  };
  await Promise.all(workers.map(working));
  if (workers.length > 0) await until('the service is ready', async () => (await fetch(`${url}/readyz`)).ok);
  return system;
}

/** A fixture, or the file of a path, as the client takes it. */
export async function recording(nameOrPath: string): Promise<Recording> {
  const path = isAbsolute(nameOrPath) ? nameOrPath : fixture(nameOrPath);
  return { content: await openAsBlob(path), filename: basename(path) };
}

async function listening(api: Child): Promise<string> {
  return until(
    'the API listens',
    () => /"url":"(http[^"]+)","msg":"listening"/.exec(api.output())?.[1],
    START_SEC,
  ).catch(withOutput(api));
}

async function working(worker: Child): Promise<void> {
  const isWaiting = () => worker.output().includes('waiting for analyses');
  await until('the worker waits', isWaiting, START_SEC).catch(withOutput(worker));
}

function withOutput(child: Child): (error: Error) => never {
  return (error) => {
    throw new Error(`${error.message}\n${child.output()}`);
  };
}
