import { monitoringReportSchema, type MonitoringReport } from '@bonafide/contracts';
import { assertConnected, KEY_PREFIX, type RedisConnection } from '../redis/connections';
import type { Upkeep } from '../upkeep/upkeep';
import { PSI_LIMIT, RATE_CHANGE_LIMIT } from './compare';
import { feedbackFigures } from './feedback-figures';
import { FEATURES_MOVED_LIMIT, tellableFindings } from './findings';
import { dayOf } from './hour-board';
import { reportGroups } from './make-report';
import type { References } from './references';
import { keepDay, keepHours, mergeParts, readDays } from './sketch-ledger';
import { tellFindings } from './tell-findings';

/** How many days before the window stand for what is usual here. */
const OWN_DAYS = 28;
const LATEST_KEY = `${KEY_PREFIX}:monitoring:latest`;

export type Watched = { clips: number; findings: number; told: number };

/**
 * Holds what came in lately against what the bundle was made from and against the weeks before, writes the day's
 * report, and tells what is new in it.
 */
export async function watchDrift(upkeep: Upkeep, references: References): Promise<Watched> {
  const { records, redis, config, store } = upkeep;
  const { windowSec, minClips } = config.monitoring;
  const nowMs = Date.now();
  const hours = await keepHours(upkeep, references, { nowMs, windowSec });
  await keepDay(upkeep, references, nowMs);
  const now = await mergeParts(references, hours);
  const before = await readDays({ records }, { beforeMs: nowMs - windowSec * 1000, days: OWN_DAYS });
  const groups = await reportGroups(references, { now, before, minClips });
  const report: MonitoringReport = {
    format: 1,
    day: dayOf(nowMs),
    created_at: new Date(nowMs).toISOString(),
    ...{ window_sec: windowSec, min_clips: minClips },
    limits: { psi: PSI_LIMIT, features_moved: FEATURES_MOVED_LIMIT, rate_change: RATE_CHANGE_LIMIT },
    groups,
    findings: tellableFindings(groups),
    feedback: await feedbackFigures({ records, store }, nowMs),
  };
  await records.monitoring.reports.put(report);
  await redis.set(LATEST_KEY, JSON.stringify(report));
  const told = await tellFindings(upkeep, report.day, report.findings);
  const clips = now.reduce((sum, { sketch }) => sum + sketch.clips, 0);
  return { clips, findings: report.findings.length, told };
}

/** The report as it was made last; null until then, and where Redis has lost it. */
export async function latestReport(redis: RedisConnection): Promise<MonitoringReport | null> {
  assertConnected(redis);
  const text = await redis.get(LATEST_KEY);
  return text === null ? null : monitoringReportSchema.parse(JSON.parse(text));
}
