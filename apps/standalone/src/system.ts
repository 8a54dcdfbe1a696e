import path from 'node:path';
import { childEnvironment, type Config } from '@bonafide/platform';
import { SupervisedChild, type ChildSpec, type Surroundings } from './child';
import { serviceChildren } from './children';
import { lockDataFolder, makeDataFolder } from './data-lock';
import { ask, embeddedRedis, endForsakenRedis } from './embedded-redis';
import { keepLogsSmall } from './logs';
import { findPort, tryPort } from './ports';
import { becomesTrue } from './readiness';

export type System = { address: string; redisUrl: string; stop: () => Promise<void>; kill: () => void };

const REDIS_START_MS = 15_000;
const REDIS_STOP_MS = 10_000;
const STOP_MARGIN_MS = 3000;

/**
 * Brings up Redis (unless the environment names one), the API and the workers, and keeps them up.
 * @throws DataFolderInUse, DataFolderUnusable, PortTaken, or an Error when Redis does not come up
 */
export async function startSystem(
  config: Config,
  told: Pick<Surroundings, 'say' | 'startsAgain'>,
): Promise<System> {
  const { dataDir, http, workers } = config;
  const surroundings = { logsDir: path.join(dataDir, 'logs'), ...told };
  makeDataFolder(surroundings.logsDir);
  const port = http.port === 0 ? await findPort(http.host) : http.port;
  const unlock = lockDataFolder(dataDir, addressOf(http.host, port));
  const leaveLogs = keepLogsSmall(surroundings.logsDir);
  const running: SupervisedChild[] = [];
  const launch = (spec: ChildSpec): void => {
    const child = new SupervisedChild(spec, surroundings);
    running.push(child);
    child.start();
  };
  const stop = async (): Promise<void> => {
    const graceMs = 1000 * workers.graceSec + STOP_MARGIN_MS;
    const redis = running.filter((child) => child.spec.channel === 'none');
    await Promise.all(running.filter((child) => !redis.includes(child)).map((child) => child.stop(graceMs)));
    await Promise.all(redis.map((child) => child.stop(REDIS_STOP_MS)));
    leaveLogs();
    unlock();
  };
  try {
    // What a killed launcher left behind holds the port as well, until it has left.
    if (!config.redisUrl) await endForsakenRedis(dataDir);
    await tryPort(http.host, port);
    const redisUrl = config.redisUrl ?? (await launchRedis(dataDir, launch));
    const env = childEnvironment({
      ...{ REDIS_URL: redisUrl, PORT: String(port), DATA_DIR: dataDir },
      LINKS_URL: addressOf(http.host, port),
    });
    serviceChildren(workers.count, env).forEach(launch);
    return {
      address: addressOf(http.host, port),
      redisUrl,
      stop,
      kill: () => running.forEach((child) => child.killGroup()),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function launchRedis(dataDir: string, launch: (spec: ChildSpec) => void): Promise<string> {
  const redis = embeddedRedis(dataDir, await findPort('127.0.0.1'), childEnvironment({}));
  launch(redis.spec);
  const answers = async (): Promise<boolean> => (await ask(redis.port, ['PING', 'QUIT'])).startsWith('+PONG');
  if (await becomesTrue(answers, REDIS_START_MS)) return redis.url;
  throw new Error(`Redis did not come up; its log: ${path.join(dataDir, 'logs', 'redis-server.log')}`);
}

/** A listener on every interface is reached at this machine's own. */
function addressOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
