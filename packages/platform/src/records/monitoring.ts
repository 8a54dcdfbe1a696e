import {
  findingRecordSchema,
  monitoringReportSchema,
  sketchRecordSchema,
  type FindingRecord,
  type MonitoringReport,
  type SketchRecord,
} from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import { createCollection, type Collection } from './collection';

export const REPORTS_PREFIX = 'monitoring/reports/';

export type MonitoringRecords = {
  /** Of hours and of days, by their period. */
  sketches: Collection<{ period: string }, SketchRecord>;
  /** One a day, written again and again until the day is over. */
  reports: Collection<{ day: string }, MonitoringReport>;
  findings: Collection<{ day: string; key: string }, FindingRecord>;
};

export function monitoringRecords(store: ObjectStore): MonitoringRecords {
  return {
    sketches: createCollection(store, {
      schema: sketchRecordSchema,
      keyOf: ({ period }: { period: string }) => `monitoring/sketches/${period}.json`,
      refOf: ({ period }) => ({ period }),
    }),
    reports: createCollection(store, {
      schema: monitoringReportSchema,
      keyOf: ({ day }: { day: string }) => `${REPORTS_PREFIX}${day}.json`,
      refOf: ({ day }) => ({ day }),
    }),
    findings: createCollection(store, {
      schema: findingRecordSchema,
      keyOf: ({ day, key }: { day: string; key: string }) => `monitoring/findings/${day}/${key}.json`,
      refOf: ({ day, key }) => ({ day, key }),
    }),
  };
}
