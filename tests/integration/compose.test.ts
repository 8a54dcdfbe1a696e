import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createClient } from '@bonafide/client';
import { recording, ROOT, startChild, temporaryFolder, until, type Child } from '../system';
import { freePorts } from '../system/ports';
import { composeServices, type Service } from './compose-file';

jest.setTimeout(120_000);

const children: Child[] = [];

/** A service's own command as a process here: the program of this machine, our ports, a private folder. */
async function startAsProcess(
  service: Service,
  env: Record<string, string>,
  more: string[] = [],
): Promise<Child> {
  const [program, ...args] = service.command;
  const child = startChild(program === 'node' ? process.execPath : program, [...args, ...more], {
    PATH: process.env.PATH,
    FFMPEG_PATH: process.env.FFMPEG_PATH,
    MODELS_DIR: process.env.MODELS_DIR,
    ...service.environment,
    DATA_DIR: await temporaryFolder(),
    ...env,
  });
  children.push(child);
  return child;
}

async function startS3(service: Service, port: number, more: readonly number[]): Promise<Child> {
  const [master, masterGrpc, volume, volumeGrpc, filer, filerGrpc, s3Grpc] = more;
  const program = process.env.BONAFIDE_TEST_WEED ?? path.join(ROOT, '.cache/tools/weed');
  const command = service.command
    .filter((arg) => !/^-(dir|s3\.port)=/.test(arg))
    .concat(`-dir=${await temporaryFolder()}`, '-ip=127.0.0.1', '-ip.bind=127.0.0.1', `-s3.port=${port}`)
    .concat(`-s3.port.grpc=${s3Grpc}`, `-master.port=${master}`, `-master.port.grpc=${masterGrpc}`)
    .concat(`-volume.port=${volume}`, `-volume.port.grpc=${volumeGrpc}`, '-volume.preStopSeconds=0')
    .concat(`-filer.port=${filer}`, `-filer.port.grpc=${filerGrpc}`);
  return startAsProcess({ ...service, command: [program, ...command] }, {});
}

/** The file's own health check, asked at our port. */
function isHealthy(service: Service, port: number): boolean {
  const [, program, ...args] = service.healthcheck?.test ?? [];
  try {
    execFileSync(
      program === 'node' ? process.execPath : program,
      args.map((arg) => arg.replace('3000', String(port))),
    );
    return true;
  } catch {
    return false;
  }
}

describe('docker-compose.yml', () => {
  afterAll(() => Promise.all(children.map((child) => child.end('SIGKILL'))));

  test('When it is read, then Redis keeps what it is given, and who depends waits for the healthy', () => {
    const { redis, s3, api, worker } = composeServices();
    expect(redis.command.join(' ')).toContain('--appendonly yes');
    expect(redis.command.join(' ')).toContain('--maxmemory-policy noeviction');
    for (const service of [redis, s3, api]) {
      expect(service.healthcheck?.test.length).toBeGreaterThan(1);
      expect(service.volumes?.length).toBe(1);
    }
    for (const service of [api, worker])
      expect(service.depends_on).toEqual({
        redis: { condition: 'service_healthy' },
        s3: { condition: 'service_healthy' },
      });
    expect(redis.ports ?? s3.ports).toBeUndefined();
  });

  test('When the image is built, then it holds what the commands name and runs as nobody special', () => {
    const dockerfile = readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8');
    expect(dockerfile).toMatch(/^USER node$/m);
    for (const { command } of [composeServices().api, composeServices().worker]) {
      expect(dockerfile).toContain(`${path.dirname(command[1])} ${path.dirname(command[1])}`);
      expect(existsSync(path.join(ROOT, command[1]))).toBe(true);
    }
  });

  test('When its commands run as processes, then the service becomes healthy and analyses a recording', async () => {
    // All at once: of two calls the second may find what the first has let go of.
    const [redisPort, s3Port, apiPort, ...more] = await freePorts(10);
    const { redis, s3, api, worker } = composeServices({
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
      S3_ENDPOINT: `http://127.0.0.1:${s3Port}`,
    });
    const dir = await temporaryFolder();
    await startAsProcess(redis, {}, ['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', dir]);
    const s3Server = await startS3(s3, s3Port, more);
    const isWell = async () => (await fetch(`http://127.0.0.1:${s3Port}/healthz`)).ok;
    await until('the S3 server is well', isWell, 60).catch(({ message }: Error) => {
      throw new Error(`${message}: ${s3Server.output()}`);
    });
    await startAsProcess(api, { HOST: '127.0.0.1', PORT: String(apiPort) });
    await startAsProcess(worker, {});
    await startAsProcess(worker, {});
    await until('the health check of the API passes', () => isHealthy(api, apiPort), 60);

    const client = createClient(`http://127.0.0.1:${apiPort}`);
    const answer = await client.analyzeVoiceData(await recording('real-en-3s.wav'));
    expect(answer).toMatchObject({ report: { success: true, processing_info: { feature_count: 154 } } });
  });
});
