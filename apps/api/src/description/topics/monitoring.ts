import { monitoringQuerySchema, monitoringReportSchema } from '@bonafide/contracts';
import type { Operation } from '../operation';

export const monitoringOperations: Operation[] = [
  {
    tag: 'Monitoring',
    method: 'get',
    path: '/v1/monitoring',
    id: 'getMonitoring',
    scope: 'admin',
    summary: 'How what comes in differs from what the models know',
    description:
      'By format and tenant class, against the recordings that the bundle was made from and against the weeks before: population stability index and Kolmogorov-Smirnov statistic of every feature and score, shares of inconclusive answers; and what feedback says of accuracy. The newest report, or that of a day.',
    parameters: { query: monitoringQuerySchema },
    answers: {
      200: {
        description: 'The report.',
        content: { 'application/json': monitoringReportSchema },
        headers: ['Cache-Control'],
      },
    },
    problems: ['not_found'],
  },
];
