import { availableParallelism } from 'node:os';
import {
  ALL,
  DEFAULT_TENANT,
  DEFAULT_TENANT_CLASS,
  retentionSchema,
  tenantSchema,
} from '@bonafide/contracts';
import { z } from 'zod';
import { REDIS_ADDRESS } from './redis/address';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const DAY_SEC = 86_400;
/** Standard Webhooks' own schedule: at once, then ever later over three days. */
const RETRY_SCHEDULE = '0,5,300,1800,7200,18000,36000,50400,72000,86400';

const port = z.coerce.number().int().min(0).max(65_535);
const positive = z.coerce.number().positive();
const count = z.coerce.number().int().positive();
const amount = z.coerce.number().int().min(0);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const seconds = list.transform((parts) => parts.map(Number)).pipe(z.array(z.number().min(0)).min(1));

/** `tenant=class` each. Few classes: each has its own figures. */
const MAX_CLASSES = 8;
const RESERVED_CLASSES: readonly string[] = [ALL, DEFAULT_TENANT_CLASS];
const classes = z
  .array(z.string().regex(/^[^=]+=[^=]+$/, 'must name pairs such as acme=calls'))
  .transform((pairs) => Object.fromEntries(pairs.map((pair) => pair.split('=', 2) as [string, string])))
  .pipe(z.record(tenantSchema, tenantSchema))
  .refine((of) => new Set(Object.values(of)).size <= MAX_CLASSES, `must name at most ${MAX_CLASSES} classes`)
  .refine(
    (of) => !Object.values(of).some((name) => RESERVED_CLASSES.includes(name)),
    'must not name all or default',
  );

/** Every variable that the product reads, with its default. */
export const environmentSchema = z
  .object({
    PORT: port.default(3000),
    HOST: z.string().default('127.0.0.1'),
    PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
    LINKS_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
    DATA_DIR: z.string().default('./data'),
    WORKERS: count.max(256).default(() => availableParallelism()),
    REDIS_URL: z.string().regex(REDIS_ADDRESS, 'must be a redis:// or rediss:// URL').optional(),
    S3_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
    S3_PUBLIC_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
    S3_BUCKET: z.string().min(3).max(63).optional(),
    AWS_REGION: z.string().default('us-east-1'),
    MODELS_DIR: z.string().default('./models'),
    FFMPEG_PATH: z.string().optional(),
    MAX_UPLOAD_BYTES: count.default(200 * MIB),
    MAX_DURATION_S: positive.default(4 * 3600),
    ANALYSIS_TIMEOUT_S: positive.default(900),
    SYNC_WAIT_S: z.coerce.number().min(0).max(300).default(25),
    UPLOAD_LINK_TTL_S: count.default(3_600),
    UPLOAD_TTL_S: count.default(DAY_SEC),
    URL_TIMEOUT_S: positive.default(60),
    WEBHOOK_ALLOW_HOSTS: list.default([]),
    WEBHOOK_RETRY_SCHEDULE_S: seconds.prefault(RETRY_SCHEDULE),
    WEBHOOK_TIMEOUT_S: positive.default(15),
    WEBHOOK_DISABLE_AFTER_S: positive.default(5 * DAY_SEC),
    WEBHOOK_ROTATION_S: positive.default(DAY_SEC),
    BATCH_MAX_ARCHIVE_BYTES: count.default(20 * GIB),
    BATCH_MAX_ENTRIES: count.default(100_000),
    BATCH_MAX_ENTRY_BYTES: count.default(200 * MIB),
    BATCH_MAX_TOTAL_BYTES: count.default(100 * GIB),
    BATCH_MAX_RATIO: positive.default(200),
    BATCH_S3_PREFIXES: list.default([]),
    RATE_SUBMISSIONS_PER_MIN: amount.optional(),
    RATE_BYTES_PER_MIN: amount.optional(),
    RATE_READS_PER_MIN: amount.optional(),
    IDEMPOTENCY_TTL_S: count.default(DAY_SEC),
    RETENTION: retentionSchema.default('30d'),
    FEEDBACK_RETENTION: retentionSchema.default('365d'),
    RETENTION_EVERY_S: positive.default(60),
    RECONCILE_EVERY_S: positive.default(30),
    RECONCILE_GRACE_S: positive.default(10),
    SWEEP_EVERY_S: positive.default(600),
    ENDPOINTS_EVERY_S: positive.default(3_600),
    MONITORING_EVERY_S: positive.default(300),
    MONITORING_WINDOW_S: positive.default(DAY_SEC),
    MONITORING_MIN_CLIPS: count.default(50),
    MONITORING_TENANT_CLASSES: list.pipe(classes).default({}),
    OPERATOR_TENANT: tenantSchema.default(DEFAULT_TENANT),
    SHUTDOWN_GRACE_S: positive.default(20),
    STALLED_AFTER_S: positive.default(20),
    WARM_UP_ROUNDS: amount.max(100).default(8),
    LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
    METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
    BULL_BOARD: z.enum(['0', '1']).default('0'),
    OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
    AWS_ACCESS_KEY_ID: z.string().optional(),
    AWS_SECRET_ACCESS_KEY: z.string().optional(),
    AWS_SESSION_TOKEN: z.string().optional(),
  })
  .refine((env) => (env.AWS_ACCESS_KEY_ID === undefined) === (env.AWS_SECRET_ACCESS_KEY === undefined), {
    path: ['AWS_ACCESS_KEY_ID'],
    error: 'and AWS_SECRET_ACCESS_KEY are needed both, or neither',
  })
  .refine((env) => env.S3_BUCKET !== undefined || env.S3_ENDPOINT === undefined, {
    path: ['S3_BUCKET'],
    error: 'is needed beside S3_ENDPOINT',
  });

export type Environment = z.infer<typeof environmentSchema>;
