import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';

export type StoreConfig =
  { kind: 'folder'; directory: string } | { kind: 's3'; bucket: string; endpoint?: string; region: string };

export type Config = {
  http: { host: string; port: number; maxUploadBytes: number; syncWaitSec: number };
  dataDir: string;
  store: StoreConfig;
  /** Absent where the launcher is to start a Redis of its own. */
  redisUrl?: string;
  analysis: { modelsDir: string; ffmpegPath?: string; maxDurationSec: number; timeoutSec: number };
  /** `graceSec`: how long a process that was told to stop may finish what it began. */
  workers: { count: number; graceSec: number; stalledAfterSec: number };
  log: { level: LogLevel };
};

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const MIB = 1024 * 1024;
const port = z.coerce.number().int().min(0).max(65_535);
const positive = z.coerce.number().positive();
const count = z.coerce.number().int().positive();

const environmentSchema = z
  .object({
    PORT: port.default(3000),
    HOST: z.string().default('127.0.0.1'),
    DATA_DIR: z.string().default('./data'),
    WORKERS: count.max(256).default(() => availableParallelism()),
    REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' }).optional(),
    S3_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
    S3_BUCKET: z.string().min(3).max(63).optional(),
    AWS_REGION: z.string().default('us-east-1'),
    MODELS_DIR: z.string().default('./models'),
    FFMPEG_PATH: z.string().optional(),
    MAX_UPLOAD_BYTES: count.default(200 * MIB),
    MAX_DURATION_S: positive.default(4 * 3600),
    ANALYSIS_TIMEOUT_S: positive.default(900),
    SYNC_WAIT_S: z.coerce.number().min(0).max(300).default(25),
    SHUTDOWN_GRACE_S: positive.default(20),
    STALLED_AFTER_S: positive.default(20),
    LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  })
  .refine((env) => env.S3_BUCKET !== undefined || env.S3_ENDPOINT === undefined, {
    path: ['S3_BUCKET'],
    error: 'is needed beside S3_ENDPOINT',
  });

type Environment = z.infer<typeof environmentSchema>;

/** Every fault of the environment at once, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(`The environment is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/**
 * Reads the environment, the only place that does. Empty values count as absent.
 * @throws ConfigError naming every unusable variable.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(present);
  if (parsed.success) return nest(parsed.data);
  throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
}

function nest(env: Environment): Config {
  const dataDir = resolve(env.DATA_DIR);
  return {
    http: {
      host: env.HOST,
      port: env.PORT,
      maxUploadBytes: env.MAX_UPLOAD_BYTES,
      syncWaitSec: env.SYNC_WAIT_S,
    },
    dataDir,
    store: storeOf(env, dataDir),
    redisUrl: env.REDIS_URL,
    analysis: {
      modelsDir: resolve(env.MODELS_DIR),
      ffmpegPath: env.FFMPEG_PATH,
      maxDurationSec: env.MAX_DURATION_S,
      timeoutSec: env.ANALYSIS_TIMEOUT_S,
    },
    workers: {
      count: env.WORKERS,
      graceSec: env.SHUTDOWN_GRACE_S,
      stalledAfterSec: env.STALLED_AFTER_S,
    },
    log: { level: env.LOG_LEVEL },
  };
}

function storeOf(env: Environment, dataDir: string): StoreConfig {
  if (env.S3_BUCKET === undefined) return { kind: 'folder', directory: resolve(dataDir, 'store') };
  return { kind: 's3', bucket: env.S3_BUCKET, endpoint: env.S3_ENDPOINT, region: env.AWS_REGION };
}

/** The address of Redis, for the processes that cannot do without. @throws ConfigError */
export function requireRedisUrl(config: Config): string {
  if (config.redisUrl === undefined) throw new ConfigError(['REDIS_URL is needed by this process']);
  return config.redisUrl;
}

/** The environment of a child process: this one's, with some values set. */
export function childEnvironment(values: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...values };
}
