import type { CreatedEndpoint, SubscribableEvent } from '@bonafide/contracts';
import { useState } from 'preact/hooks';
import { ErrorNote } from '../../parts/error-note';
import { call } from '../../calls/http';
import { t } from '../../texts';

const EVENTS: readonly SubscribableEvent[] = [
  'analysis.succeeded',
  'analysis.failed',
  'analysis.canceled',
  'batch.completed',
  'batch.canceled',
  'batch.failed',
  'endpoint.disabled',
  'model.drift',
];

export function EndpointForm({ onMade }: { onMade: (endpoint: CreatedEndpoint) => void }) {
  const [error, setError] = useState<Error | null>(null);
  const { webhooks } = t();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const body = { url: form.get('url'), events: form.getAll('event') };
    await call<CreatedEndpoint>('/v1/webhook-endpoints', { method: 'POST', body }).then(onMade, setError);
  };
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <label class="field">
        <span>{webhooks.url}</span>
        <input name="url" type="url" required placeholder="https://" />
        <small>{webhooks.urlHint}</small>
      </label>
      <fieldset class="field">
        <legend>{webhooks.events}</legend>
        {EVENTS.map((name) => (
          <label key={name} class="check mono">
            <input type="checkbox" name="event" value={name} defaultChecked />
            {name}
          </label>
        ))}
      </fieldset>
      {error && <ErrorNote error={error} fields={webhooks.refused} />}
      <button type="submit" class="button primary">
        {webhooks.add}
      </button>
    </form>
  );
}
