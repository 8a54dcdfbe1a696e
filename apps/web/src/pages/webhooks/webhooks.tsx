import type { CreatedEndpoint, Endpoint } from '@bonafide/contracts';
import { useState } from 'preact/hooks';
import { CopyField } from '../../parts/copy-field';
import { Dialog } from '../../parts/dialog';
import { ErrorNote } from '../../parts/error-note';
import { PageHead } from '../../parts/page-head';
import { usePaged } from '../../parts/use-paged';
import { may } from '../../calls/session';
import { t } from '../../texts';
import { moment } from '../../texts/numbers';
import { EndpointCard } from './endpoint-card';
import { EndpointForm } from './endpoint-form';

/** Shown once: of a new endpoint, or the new one of an old endpoint, whose former one still signs for a while. */
type Secret = { url: string; secret: string; previous_expires_at?: string };

/** Addresses that are told of ends, and what became of each telling. */
export function Webhooks() {
  const list = usePaged<Endpoint>('/v1/webhook-endpoints');
  const [isAdding, setAdding] = useState(false);
  const [made, setMade] = useState<Secret | null>(null);
  const { webhooks, shell } = t();
  const onMade = (endpoint: CreatedEndpoint) => {
    setAdding(false);
    setMade(endpoint);
    list.reload();
  };
  return (
    <div class="page">
      <PageHead title={webhooks.title} lead={webhooks.lead}>
        {may('submit') && (
          <button type="button" class="button primary" onClick={() => setAdding(true)}>
            {webhooks.add}
          </button>
        )}
      </PageHead>
      {list.error && <ErrorNote error={list.error} />}
      {list.items.length === 0 && !list.isLoading && !list.error && (
        <section class="card">
          <p class="empty">{webhooks.empty}</p>
        </section>
      )}
      {list.items.map((endpoint) => (
        <EndpointCard
          key={endpoint.id}
          endpoint={endpoint}
          onChange={list.reload}
          onSecret={(rotated) => setMade({ url: endpoint.url, ...rotated })}
        />
      ))}
      {list.hasMore && (
        <button type="button" class="button" onClick={list.loadMore}>
          {shell.more}
        </button>
      )}
      {isAdding && (
        <Dialog title={webhooks.add} onClose={() => setAdding(false)}>
          <EndpointForm onMade={onMade} />
        </Dialog>
      )}
      {made && (
        <Dialog title={webhooks.secretTitle} onClose={() => setMade(null)}>
          <p>{webhooks.secretText}</p>
          <CopyField label={made.url} value={made.secret} />
          {made.previous_expires_at && (
            <p class="soft">{webhooks.previousUntil(moment(made.previous_expires_at))}</p>
          )}
        </Dialog>
      )}
    </div>
  );
}
