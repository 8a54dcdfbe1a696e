import { analysesOf, type Analyses } from './analyses';
import { batchesOf, type Batches } from './batches';
import { connect, type ClientOptions } from './connection';
import { uploadsOf, type Uploads } from './uploads';
import { webhookEndpointsOf, type WebhookEndpoints } from './webhook-endpoints';

/** Analyses by name, the rest by what it is about. */
export type Client = Analyses & { uploads: Uploads; batches: Batches; webhookEndpoints: WebhookEndpoints };

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
  };
}
