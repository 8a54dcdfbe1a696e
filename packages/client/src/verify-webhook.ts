import { webhookEventSchema, type WebhookEvent } from '@bonafide/contracts';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

export { WebhookVerificationError };

type Headers = Readonly<Record<string, string | string[] | undefined>> | { get(name: string): string | null };
const NAMES = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/**
 * The event that a delivery brought, once its signature and its time are found good (Standard Webhooks).
 * `body` is to be the text exactly as it came, not parsed and written again.
 * @throws WebhookVerificationError
 */
export function verifyWebhook(
  secret: string,
  { body, headers }: { body: string; headers: Headers },
): WebhookEvent {
  const given = NAMES.map((name) => [name, headerOf(headers, name)]);
  const content = new Webhook(secret).verify(body, Object.fromEntries(given) as Record<string, string>);
  return webhookEventSchema.parse(content);
}

function headerOf(headers: Headers, name: string): string {
  const value = isFetchHeaders(headers) ? headers.get(name) : headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

const isFetchHeaders = (headers: Headers): headers is { get(name: string): string | null } =>
  typeof headers.get === 'function';
