import type { Delivery } from '@bonafide/contracts';
import { useEffect, useState } from 'preact/hooks';
import { ErrorNote } from '../../parts/error-note';
import { usePaged } from '../../parts/use-paged';
import { call } from '../../calls/http';
import { t } from '../../texts';
import { moment, whole } from '../../texts/numbers';

/** While something is under way, and else: what happens elsewhere brings new ones. */
const LOOK_AGAIN_MS = { pending: 2_000, settled: 10_000 } as const;

type Props = { endpointId: string; mayReplay: boolean };

/** What was sent to one endpoint and how it went, newest first. */
export function Deliveries({ endpointId, mayReplay }: Props) {
  const path = `/v1/webhook-endpoints/${endpointId}/deliveries`;
  const list = usePaged<Delivery>(path);
  const [error, setError] = useState<Error | null>(null);
  const isPending = list.items.some(({ status }) => status === 'pending') || list.items.length === 0;
  useEffect(() => {
    const everyMs = LOOK_AGAIN_MS[isPending ? 'pending' : 'settled'];
    const timer = setInterval(() => !document.hidden && list.refresh(), everyMs);
    return () => clearInterval(timer);
  }, [isPending, path]);
  const { webhooks, shell } = t();
  const replay = async (id: string) => {
    await call(`${path}/${id}/replay`, { method: 'POST', body: {} }).then(list.refresh, setError);
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
              <td class={`state ${delivery.status === 'failed' ? 'bad' : ''}`}>
                <span role="status">{outcomeOf(delivery)}</span>
              </td>
              <td class="number" data-label={webhooks.attempts}>
                {whole(delivery.attempts.length)}
              </td>
              <td class="number">
                {mayReplay && (
                  <button type="button" class="quiet" onClick={() => void replay(delivery.id)}>
                    {webhooks.replay}
                  </button>
                )}
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

function outcomeOf({ status, attempts, next_attempt_at }: Delivery): string {
  const { outcomes, faults, again } = t().webhooks;
  const last = attempts.at(-1);
  const words = outcomes[status] ?? status;
  if (!last) return words;
  const cause = last.response_code ?? (last.error && faults[last.error]);
  const said = cause === null ? words : `${words} (${cause})`;
  return status === 'pending' && next_attempt_at ? `${said}, ${again(moment(next_attempt_at))}` : said;
}
