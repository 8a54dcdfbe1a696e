import { join } from 'node:path';
import { openStore } from '@bonafide/platform';
import { startChild, type Child } from './child';
import { ROOT, temporaryFolder } from './folders';
import { freePorts } from './ports';
import { until } from './until';

export type S3Server = {
  endpoint: string;
  /** The process as it is now; another one after a restart. */
  process: Child;
  /** Starts it again on the same ports and data. */
  restart(): Promise<void>;
};

/** Any pair will do for a server without identities; the SDK insists on having one. */
export const S3_CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test-secret' } as const;

type Access = 'open' | 'signed';
export type Room = { volumes: number; volumeMb: number };
type Wish = { access: Access; room: Room };

const LARGE: Room = { volumes: 50, volumeMb: 64 };
/** For some fifty recordings. */
export const SMALL: Room = { volumes: 8, volumeMb: 2 };

/** It takes three seconds on an idle machine. */
const START_SEC = 30;
const STARTS = 3;

/**
 * A real S3 server (SeaweedFS), which the set-up of the tests has put where we look. It needs
 * eight ports at once and waits for good when it misses one: then it is started on others.
 */
export async function startS3({ access = 'open', room = LARGE }: Partial<Wish> = {}): Promise<S3Server> {
  for (let start = 1; ; start++) {
    try {
      return await startOnFreePorts({ access, room });
    } catch (error) {
      if (start === STARTS) throw error;
    }
  }
}

async function startOnFreePorts({ access, room }: Wish): Promise<S3Server> {
  const program = process.env.BONAFIDE_TEST_WEED ?? join(ROOT, '.cache/tools/weed');
  const [s3, s3Grpc, master, masterGrpc, volume, volumeGrpc, filer, filerGrpc] = await freePorts(8);
  const settings = [
    'server',
    `-dir=${await temporaryFolder()}`,
    '-ip=127.0.0.1',
    '-ip.bind=127.0.0.1',
    '-master.telemetry=false',
    // Else a restart spends ten seconds on electing the only candidate.
    '-master.electionTimeout=1s',
    '-master.heartbeatInterval=100ms',
    '-master.peers=none',
    `-master.volumeSizeLimitMB=${room.volumeMb}`,
    `-master.port=${master}`,
    `-master.port.grpc=${masterGrpc}`,
    `-volume.max=${room.volumes}`,
    '-volume.preStopSeconds=0',
    `-volume.port=${volume}`,
    `-volume.port.grpc=${volumeGrpc}`,
    '-filer',
    `-filer.port=${filer}`,
    `-filer.port.grpc=${filerGrpc}`,
    '-s3',
    `-s3.port=${s3}`,
    `-s3.port.grpc=${s3Grpc}`,
    '-s3.port.iceberg=0',
    '-s3.port.lance=0',
  ];
  const endpoint = `http://127.0.0.1:${s3}`;
  const launch = async () => {
    // Without credentials in its environment it asks for none.
    const env = { PATH: process.env.PATH, HOME: process.env.HOME };
    const child = startChild(program, settings, access === 'open' ? env : { ...env, ...S3_CREDENTIALS });
    try {
      await until('the S3 server stores objects', () => storesObjects(endpoint, access), START_SEC);
    } catch (error) {
      await child.end('SIGKILL');
      throw new Error(`${(error as Error).message}: ${child.output()}`, { cause: error });
    }
    return child;
  };
  const server: S3Server = {
    endpoint,
    process: await launch(),
    restart: async () => {
      server.process = await launch();
    },
  };
  return server;
}

/** Its port opens long before the first object can be written. */
async function storesObjects(endpoint: string, access: Access): Promise<boolean> {
  if (access === 'signed') return storesSigned(endpoint);
  const bucket = await fetch(`${endpoint}/probe`, { method: 'PUT' });
  const object = await fetch(`${endpoint}/probe/object`, { method: 'PUT', body: 'x' });
  return (bucket.ok || bucket.status === 409) && object.ok;
}

async function storesSigned(endpoint: string): Promise<boolean> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = S3_CREDENTIALS;
  const credentials = { accessKeyId, secretAccessKey };
  const store = await openStore({ kind: 's3', bucket: 'probe', endpoint, region: 'us-east-1', credentials });
  try {
    await store.put('probe/object', Buffer.from('x'));
    return true;
  } finally {
    store.close();
  }
}
