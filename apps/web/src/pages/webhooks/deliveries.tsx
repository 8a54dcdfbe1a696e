import type { Delivery } from '@bonafide/contracts';
import { useEffect, useState } from 'preact/hooks';
import { ErrorNote } from '../../parts/error-note';
import { usePaged } from '../../parts/use-paged';
import { call } from '../../calls/http';
import { t } from '../../texts';
import { moment, whole } from '../../texts/numbers';

const LOOK_AGAIN_MS = 2_000;

/** What was sent to one endpoint and how it went, newest first. */
export function Deliveries({ endpointId }: { endpointId: string }) {
  const path = `/v1/webhook-endpoints/${endpointId}/deliveries`;
  const list = usePaged<Delivery>(path);
  const [error, setError] = useState<Error | null>(null);
  const isPending = list.items.some(({ status }) => status === 'pending') || list.items.length === 0;
  useEffect(() => {
    if (!isPending) return;
    const timer = setInterval(list.reload, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isPending, path]);
  const { webhooks, shell } = t();
  const replay = async (id: string) => {
    await call(`${path}/${id}/replay`, { method: 'POST', body: {} }).then(list.reload, setError);
  };
  const fault = error ?? list.error;
  if (fault) return <ErrorNote error={fault} />;
  if (list.items.length === 0) return <p class="soft">{webhooks.noDeliveries}</p>;
  return (
    <>
      <table class="stacked">
        <thead>
          <tr>
            <th scope="col">{webhooks.type}</th>
            <th scope="col">{webhooks.when}</th>
            <th scope="col">{webhooks.outcome}</th>
            <th scope="col" class="number">
              {webhooks.attempts}
            </th>
            <th scope="col">
              <span class="visually-hidden">{webhooks.replay}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.items.map((delivery) => (
            <tr key={delivery.id}>
              <td class="mono">{delivery.type}</td>
              <td class="soft">{moment(delivery.created_at)}</td>
              <td class={`state ${delivery.status === 'failed' ? 'bad' : ''}`}>{outcomeOf(delivery)}</td>
              <td class="number">{whole(delivery.attempts.length)}</td>
              <td class="number">
                <button type="button" class="quiet" onClick={() => void replay(delivery.id)}>
                  {webhooks.replay}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {list.hasMore && (
        <button type="button" class="button" onClick={list.loadMore}>
          {shell.more}
        </button>
      )}
    </>
  );
}

function outcomeOf({ status, attempts }: Delivery): string {
  const last = attempts.at(-1);
  const words = t().webhooks.outcomes[status] ?? status;
  return last ? `${words} (${last.response_code ?? last.error ?? ''})` : words;
}
