import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { environmentSchema, type Environment, type LOG_LEVELS } from './environment';

export type StoreConfig = { kind: 'folder'; directory: string } | S3Config;
export type S3Config = {
  kind: 's3';
  bucket: string;
  endpoint?: string;
  /** How senders outside reach it, where that differs. */
  publicEndpoint?: string;
  region: string;
  /** Absent where the SDK is to find its own: a role, a profile, a file. */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
};

export type Config = {
  /**
   * `publicUrl`: how the outside reaches the API. `linksUrl`: what links in webhooks begin with, that one or, on a
   * single machine, the address there; absent, they are paths.
   */
  http: {
    host: string;
    port: number;
    publicUrl?: string;
    linksUrl?: string;
    maxUploadBytes: number;
    syncWaitSec: number;
  };
  dataDir: string;
  store: StoreConfig;
  /** Absent where the launcher is to start a Redis of its own. */
  redisUrl?: string;
  analysis: { modelsDir: string; ffmpegPath?: string; maxDurationSec: number; timeoutSec: number };
  /** `linkTtlSec`: for how long a link lets bytes in; `ttlSec`: for how long they can then be used. */
  uploads: { linkTtlSec: number; ttlSec: number; urlTimeoutSec: number };
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
  /** `retention`: how long a recording is kept for training where its submitter consents. */
  feedback: { retention: string };
  maintenance: MaintenanceIntervals;
  monitoring: MonitoringConfig;
  /** `graceSec`: how long a process that was told to stop may finish what it began. */
  workers: { count: number; graceSec: number; stalledAfterSec: number; warmUpRounds: number };
  log: { level: LogLevel };
  operation: OperationConfig;
};

/** `metricsToken`: whoever shows it may read the metrics. `otlpEndpoint`: where traces go; absent, nowhere. */
export type OperationConfig = { metricsToken?: string; hasQueueBoard: boolean; otlpEndpoint?: string };

/** Counted on what was really read, whatever headers say. `maxRatio`: unpacked bytes to packed ones. */
export type BatchLimits = {
  maxArchiveBytes: number;
  maxEntries: number;
  maxEntryBytes: number;
  maxTotalBytes: number;
  maxRatio: number;
};
/** `reconcileGraceSec`: between its record and its job a submission lies for moments; this long it is left alone. */
/**
 * `windowSec`: what is looked at, back from now. `minClips`: with fewer no verdict is given. `tenantClasses`: which
 * tenants are watched together. `operatorTenant`: whose endpoints hear of the service itself.
 */
export type MonitoringConfig = {
  windowSec: number;
  minClips: number;
  tenantClasses: Readonly<Record<string, string>>;
  operatorTenant: string;
};
export type MaintenanceIntervals = {
  retentionSec: number;
  reconcileSec: number;
  reconcileGraceSec: number;
  sweepSec: number;
  endpointsSec: number;
  monitoringSec: number;
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
 * Reads the environment, the only place that does. Blank values count as absent: as numbers they would be 0, which lifts limits.
 * @throws ConfigError naming every unusable variable.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const present = withSecretFiles(
    Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== '')),
  );
  const parsed = environmentSchema.safeParse(present);
  if (parsed.success) return nest(parsed.data);
  throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
}

/** What may come as `NAME_FILE`, the name of a file that holds it, as orchestrators hand secrets over. */
const SECRETS = ['REDIS_URL', 'METRICS_TOKEN', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

function withSecretFiles(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const named = SECRETS.filter((name) => env[name] === undefined && env[`${name}_FILE`] !== undefined);
  const unreadable: string[] = [];
  const read = named.map((name) => {
    try {
      return [name, readFileSync(env[`${name}_FILE`] as string, 'utf8').trim()];
    } catch (error) {
      unreadable.push(`${name}_FILE cannot be read: ${(error as Error).message}`);
      return [name, undefined];
    }
  });
  if (unreadable.length > 0) throw new ConfigError(unreadable);
  return { ...env, ...(Object.fromEntries(read) as NodeJS.ProcessEnv) };
}

function nest(env: Environment): Config {
  const dataDir = resolve(env.DATA_DIR);
  return {
    http: {
      host: env.HOST,
      port: env.PORT,
      publicUrl: env.PUBLIC_URL?.replace(/\/+$/, ''),
      linksUrl: (env.PUBLIC_URL ?? env.LINKS_URL)?.replace(/\/+$/, ''),
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
    uploads: {
      linkTtlSec: env.UPLOAD_LINK_TTL_S,
      ttlSec: env.UPLOAD_TTL_S,
      urlTimeoutSec: env.URL_TIMEOUT_S,
    },
    webhooks: webhooksOf(env),
    batches: batchesOf(env),
    rates: {
      submissionsPerMin: env.RATE_SUBMISSIONS_PER_MIN,
      bytesPerMin: env.RATE_BYTES_PER_MIN,
      readsPerMin: env.RATE_READS_PER_MIN,
    },
    idempotency: { ttlSec: env.IDEMPOTENCY_TTL_S },
    retention: env.RETENTION,
    feedback: { retention: env.FEEDBACK_RETENTION },
    maintenance: maintenanceOf(env),
    monitoring: monitoringOf(env),
    workers: workersOf(env),
    log: { level: env.LOG_LEVEL },
    operation: {
      metricsToken: env.METRICS_TOKEN,
      hasQueueBoard: env.BULL_BOARD === '1',
      otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    },
  };
}

function storeOf(env: Environment, dataDir: string): StoreConfig {
  if (env.S3_BUCKET === undefined) return { kind: 'folder', directory: resolve(dataDir, 'store') };
  const { S3_BUCKET: bucket, S3_ENDPOINT: endpoint, AWS_REGION: region } = env;
  const publicEndpoint = env.S3_PUBLIC_ENDPOINT;
  return { kind: 's3', bucket, endpoint, publicEndpoint, region, credentials: credentialsOf(env) };
}

function credentialsOf(env: Environment): S3Config['credentials'] {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: env.AWS_SESSION_TOKEN };
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

function workersOf(env: Environment): Config['workers'] {
  const { WORKERS: count, SHUTDOWN_GRACE_S: graceSec, STALLED_AFTER_S: stalledAfterSec } = env;
  return { count, graceSec, stalledAfterSec, warmUpRounds: env.WARM_UP_ROUNDS };
}

function monitoringOf(env: Environment): MonitoringConfig {
  return {
    windowSec: env.MONITORING_WINDOW_S,
    minClips: env.MONITORING_MIN_CLIPS,
    tenantClasses: env.MONITORING_TENANT_CLASSES,
    operatorTenant: env.OPERATOR_TENANT,
  };
}

function maintenanceOf(env: Environment): MaintenanceIntervals {
  return {
    retentionSec: env.RETENTION_EVERY_S,
    reconcileSec: env.RECONCILE_EVERY_S,
    reconcileGraceSec: env.RECONCILE_GRACE_S,
    sweepSec: env.SWEEP_EVERY_S,
    endpointsSec: env.ENDPOINTS_EVERY_S,
    monitoringSec: env.MONITORING_EVERY_S,
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
