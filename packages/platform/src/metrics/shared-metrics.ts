import type { Redis } from 'ioredis';
import type { Logger } from '../logger';
import { KEY_PREFIX } from '../redis/connections';
import {
  SHARED_METRICS,
  type LabelsOf,
  type SharedCounter,
  type SharedHistogram,
  type SharedMetric,
  type SharedMetricName,
} from './catalogue';

export type SharedMetrics = {
  count<N extends SharedCounter>(name: N, labels: LabelsOf<N>, by?: number): void;
  observe<N extends SharedHistogram>(name: N, labels: LabelsOf<N>, seconds: number): void;
  /** Sends what was counted last. */
  stop(): Promise<void>;
};

const KEY = `${KEY_PREFIX}:metrics`;
const SEND_MS = 500;
/** Between what a field is made of: no name, label or number has it. */
const SEPARATOR = '\u0001';

/** Counts in memory and adds to Redis twice a second; what cannot be sent waits, and nothing waits for it. */
export function createSharedMetrics(redis: Redis, log: Logger): SharedMetrics {
  let pending = new Map<string, number>();
  const add = (field: string, by: number) => pending.set(field, (pending.get(field) ?? 0) + by);
  const send = async () => {
    if (pending.size === 0 || redis.status !== 'ready') return;
    const sent = pending;
    pending = new Map();
    const commands = redis.multi();
    sent.forEach((by, field) => commands.hincrbyfloat(KEY, field, by));
    await commands.exec().catch((error: Error) => {
      sent.forEach((by, field) => add(field, by));
      log.debug({ err: error }, 'metrics could not be sent');
    });
  };
  const timer = setInterval(() => void send(), SEND_MS);
  timer.unref();
  return {
    count: (name, labels, by = 1) => add(fieldOf(name, labels), by),
    observe: (name, labels, seconds) => {
      const bucket = SHARED_METRICS[name].buckets.find((limit) => seconds <= limit);
      add(fieldOf(name, labels, bucket === undefined ? '+Inf' : String(bucket)), 1);
      add(fieldOf(name, labels, 'sum'), seconds);
    },
    stop: async () => {
      clearInterval(timer);
      await send();
    },
  };
}

function fieldOf(name: SharedMetricName, labels: Record<string, string>, part = ''): string {
  const values = SHARED_METRICS[name].labels.map((label) => labels[label]);
  return [name, ...values, part].join(SEPARATOR);
}

/** What all workers have counted, in the text form of Prometheus. */
export async function renderSharedMetrics(redis: Redis): Promise<string> {
  const fields = Object.entries(await redis.hgetall(KEY)).map(([field, value]) => ({
    path: field.split(SEPARATOR),
    value: Number(value),
  }));
  return Object.entries(SHARED_METRICS)
    .map(([name, metric]) => renderOne(name, metric, fields))
    .join('');
}

type Field = { path: string[]; value: number };

function renderOne(name: string, metric: SharedMetric, fields: readonly Field[]): string {
  const series = new Map<string, Map<string, number>>();
  for (const { path, value } of fields) {
    if (path[0] !== name || path.length !== metric.labels.length + 2) continue;
    const labels = metric.labels.map((label, i) => `${label}="${escaped(path[i + 1])}"`).join(',');
    const parts = series.get(labels) ?? new Map<string, number>();
    series.set(labels, parts.set(path.at(-1) ?? '', value));
  }
  const head = `# HELP ${name} ${metric.help}\n# TYPE ${name} ${metric.kind}\n`;
  const lines = [...series].flatMap(([labels, parts]) =>
    metric.buckets
      ? histogramLines(name, labels, { parts, buckets: metric.buckets })
      : [`${name}${braced(labels)} ${parts.get('') ?? 0}`],
  );
  return head + lines.map((line) => `${line}\n`).join('');
}

type Histogram = { parts: ReadonlyMap<string, number>; buckets: readonly number[] };

function histogramLines(name: string, labels: string, { parts, buckets }: Histogram): string[] {
  let total = 0;
  const limits = [...buckets.map(String), '+Inf'];
  const lines = limits.map((limit) => {
    total += parts.get(limit) ?? 0;
    return `${name}_bucket${braced(joined(labels, `le="${limit}"`))} ${total}`;
  });
  const sum = `${name}_sum${braced(labels)} ${parts.get('sum') ?? 0}`;
  return [...lines, sum, `${name}_count${braced(labels)} ${total}`];
}

const braced = (labels: string) => (labels === '' ? '' : `{${labels}}`);
const joined = (...labels: string[]) => labels.filter((each) => each !== '').join(',');
const escaped = (text: string) => text.replace(/[\\"\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`));
