import { CodedError, isAllowed, monitoringQuerySchema, type MonitoringReport } from '@bonafide/contracts';
import { dayOf, REPORTS_PREFIX } from '@bonafide/platform';
import { Router } from 'express';
import type { ApiContext } from '../context';
import { readQuery } from '../json-body';
import { onlyMethods } from '../problems';
import type { LocalResponse } from '../requests';

/** Whether what comes in is what the models know: for administrators, because it tells of all tenants at once. */
export function monitoringRoutes({ records }: Pick<ApiContext, 'records'>): Router {
  const routes = Router();
  routes
    .route('/v1/monitoring')
    .get(async (request, response: LocalResponse) => {
      if (!isAllowed(response.locals.principal, 'admin')) throw new CodedError('forbidden');
      const { day } = readQuery(request, monitoringQuerySchema);
      const report = await (day === undefined ? newest(records) : records.monitoring.reports.get({ day }));
      if (!report) throw new CodedError('not_found', `There is no report${day ? ` of ${day}` : ' yet'}`);
      response.set('Cache-Control', 'no-store').json(report);
    })
    .all(onlyMethods('GET, HEAD'));
  return routes;
}

const DAY_MS = 86_400_000;

/** Of today or yesterday, as a rule; else of the last day that has one. */
async function newest({ monitoring }: ApiContext['records']): Promise<MonitoringReport | null> {
  const now = Date.now();
  for (const day of [dayOf(now), dayOf(now - DAY_MS)]) {
    const report = await monitoring.reports.get({ day });
    if (report) return report;
  }
  let last: MonitoringReport | null = null;
  for await (const { doc } of monitoring.reports.list(REPORTS_PREFIX)) last = doc;
  return last;
}
