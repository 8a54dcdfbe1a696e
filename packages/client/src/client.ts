import { monitoringReportSchema, type MonitoringReport } from '@bonafide/contracts';
import { analysesOf, type Analyses } from './analyses';
import { batchesOf, type Batches } from './batches';
import { connect, type CallOptions, type ClientOptions } from './connection';
import { sharesOf, type Shares } from './shares';
import { uploadsOf, type Uploads } from './uploads';
import { webhookEndpointsOf, type WebhookEndpoints } from './webhook-endpoints';

/** Analyses by name, the rest by what it is about. */
export type Client = Analyses & {
  uploads: Uploads;
  batches: Batches;
  webhookEndpoints: WebhookEndpoints;
  shares: Shares;
  /** Whether what comes in is still what the models know: the newest report, or that of a day. */
  monitoring(day?: string, options?: CallOptions): Promise<MonitoringReport>;
};

/**
 * Speaks to one service, from Node or a browser. Every method throws ProblemError when the service refuses and
 * UnexpectedAnswerError when something else answers.
 */
export function createClient(baseUrl: string, options: ClientOptions = {}): Client {
  const connection = connect(baseUrl, options);
  return {
    ...analysesOf(connection),
    uploads: uploadsOf(connection, options.fetch ?? fetch),
    batches: batchesOf(connection),
    webhookEndpoints: webhookEndpointsOf(connection),
    shares: sharesOf(connection),
    monitoring: (day, options) =>
      connection.read(monitoringReportSchema, '/v1/monitoring', { ...options, query: { day } }),
  };
}
