import { resolve } from 'node:path';
import { environmentSchema, type Environment, type LOG_LEVELS } from './environment';

export type StoreConfig =
  { kind: 'folder'; directory: string } | { kind: 's3'; bucket: string; endpoint?: string; region: string };

export type Config = {
  /** `publicUrl`: how the outside reaches the API, where links must be whole; absent, links are paths. */
  http: { host: string; port: number; publicUrl?: string; maxUploadBytes: number; syncWaitSec: number };
  dataDir: string;
  store: StoreConfig;
  /** Absent where the launcher is to start a Redis of its own. */
  redisUrl?: string;
  analysis: { modelsDir: string; ffmpegPath?: string; maxDurationSec: number; timeoutSec: number };
  uploads: { linkTtlSec: number; urlTimeoutSec: number };
  /** `allowHosts`: hosts, `host:port` or CIDR blocks that may be called although they are not public. */
  webhooks: {
    allowHosts: readonly string[];
    retryScheduleSec: readonly number[];
    timeoutSec: number;
    disableAfterSec: number;
    rotationSec: number;
  };
  batches: BatchLimits & { s3Prefixes: readonly string[] };
  /** 0 for no limit; absent for the default, which depends on whether there are keys. */
  rates: { submissionsPerMin?: number; bytesPerMin?: number; readsPerMin?: number };
  idempotency: { ttlSec: number };
  /** For submissions that name none: `none` or a duration. */
  retention: string;
  maintenance: MaintenanceIntervals;
  /** `graceSec`: how long a process that was told to stop may finish what it began. */
  workers: { count: number; graceSec: number; stalledAfterSec: number };
  log: { level: LogLevel };
};

/** Counted on what was really read, whatever headers say. `maxRatio`: unpacked bytes to packed ones. */
export type BatchLimits = {
  maxArchiveBytes: number;
  maxEntries: number;
  maxEntryBytes: number;
  maxTotalBytes: number;
  maxRatio: number;
};
export type MaintenanceIntervals = {
  retentionSec: number;
  reconcileSec: number;
  sweepSec: number;
  endpointsSec: number;
};
export type LogLevel = (typeof LOG_LEVELS)[number];

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
      publicUrl: env.PUBLIC_URL?.replace(/\/+$/, ''),
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
    uploads: { linkTtlSec: env.UPLOAD_LINK_TTL_S, urlTimeoutSec: env.URL_TIMEOUT_S },
    webhooks: webhooksOf(env),
    batches: batchesOf(env),
    rates: {
      submissionsPerMin: env.RATE_SUBMISSIONS_PER_MIN,
      bytesPerMin: env.RATE_BYTES_PER_MIN,
      readsPerMin: env.RATE_READS_PER_MIN,
    },
    idempotency: { ttlSec: env.IDEMPOTENCY_TTL_S },
    retention: env.RETENTION,
    maintenance: maintenanceOf(env),
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

function webhooksOf(env: Environment): Config['webhooks'] {
  return {
    allowHosts: env.WEBHOOK_ALLOW_HOSTS,
    retryScheduleSec: env.WEBHOOK_RETRY_SCHEDULE_S,
    timeoutSec: env.WEBHOOK_TIMEOUT_S,
    disableAfterSec: env.WEBHOOK_DISABLE_AFTER_S,
    rotationSec: env.WEBHOOK_ROTATION_S,
  };
}

function batchesOf(env: Environment): Config['batches'] {
  return {
    maxArchiveBytes: env.BATCH_MAX_ARCHIVE_BYTES,
    maxEntries: env.BATCH_MAX_ENTRIES,
    maxEntryBytes: env.BATCH_MAX_ENTRY_BYTES,
    maxTotalBytes: env.BATCH_MAX_TOTAL_BYTES,
    maxRatio: env.BATCH_MAX_RATIO,
    s3Prefixes: env.BATCH_S3_PREFIXES,
  };
}

function maintenanceOf(env: Environment): MaintenanceIntervals {
  return {
    retentionSec: env.RETENTION_EVERY_S,
    reconcileSec: env.RECONCILE_EVERY_S,
    sweepSec: env.SWEEP_EVERY_S,
    endpointsSec: env.ENDPOINTS_EVERY_S,
  };
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
