import { createHash } from 'node:crypto';
import type { Finding, FindingRecord, WebhookEvent } from '@bonafide/contracts';
import { sendEvent, type WebhookContext } from '../webhooks/send-event';

/** Tells each finding once a day: whoever finds it again on the same day tells the same, which adds nothing. */
export async function tellFindings(
  context: WebhookContext,
  day: string,
  findings: readonly Finding[],
): Promise<number> {
  let told = 0;
  for (const finding of findings) if (await tellOnce(context, day, finding)) told++;
  return told;
}

async function tellOnce(context: WebhookContext, day: string, finding: Finding): Promise<boolean> {
  const { findings } = context.records.monitoring;
  const key = keyOf(finding);
  const fresh: FindingRecord = {
    ...{ format: 1, day, key, at: new Date().toISOString(), finding, told: false },
  };
  const isNew = (await findings.create(fresh)) === 'created';
  // Of one that was found before and not told, what was found then is told.
  const record = isNew ? fresh : await findings.get({ day, key });
  if (!record || record.told) return false;
  await sendEvent(context, {
    ...{ tenant: context.config.monitoring.operatorTenant, subject: 'model', id: `${day}/${key}` },
    event: eventOf(record, context.config.http.linksUrl),
  });
  await findings.put({ ...record, told: true });
  return true;
}

/** What makes a finding the same one: what has moved, where, and against what; not by how much. */
function keyOf({ kind, against, format, tenant_class, model_version }: Finding): string {
  const version = createHash('sha256').update(model_version).digest('hex').slice(0, 12);
  return [kind, against, format, tenant_class, version].join('.');
}

function eventOf({ day, at, finding }: FindingRecord, linksUrl = ''): WebhookEvent {
  const links = { self: `${linksUrl}/v1/monitoring?day=${day}` };
  return { type: 'model.drift', timestamp: at, data: { day, ...finding, links } };
}
