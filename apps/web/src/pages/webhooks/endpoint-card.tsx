import type { Endpoint, RotatedSecret } from '@bonafide/contracts';
import { useState } from 'preact/hooks';
import { ErrorNote } from '../../parts/error-note';
import { call } from '../../calls/http';
import { may } from '../../calls/session';
import { t } from '../../texts';
import { Deliveries } from './deliveries';

type Props = {
  endpoint: Endpoint;
  onChange: () => void;
  onSecret: (rotated: RotatedSecret) => void;
};

export function EndpointCard({ endpoint, onChange, onSecret }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const [deliveriesSeen, setSeen] = useState(0);
  const { webhooks } = t();
  const path = `/v1/webhook-endpoints/${endpoint.id}`;
  const act = async (work: Promise<unknown>, then: () => void) => {
    setError(null);
    await work.then(then, setError);
  };
  const test = () =>
    act(call(`${path}/test`, { method: 'POST', body: {} }), () => {
      setOpen(true);
      setSeen((count) => count + 1);
    });
  const toggle = () => act(call(path, { method: 'PATCH', body: { enabled: !endpoint.enabled } }), onChange);
  const rotate = () => {
    if (!confirm(webhooks.rotateSure)) return;
    void act(
      call<RotatedSecret>(`${path}/rotate-secret`, { method: 'POST', body: {} }).then(onSecret),
      onChange,
    );
  };
  const remove = () => {
    if (confirm(webhooks.removeSure)) void act(call(path, { method: 'DELETE' }), onChange);
  };
  const isWell = endpoint.enabled && !endpoint.disabled;
  return (
    <section class="card" aria-labelledby={`endpoint-${endpoint.id}`}>
      <header class="row spread">
        <h2 id={`endpoint-${endpoint.id}`} class="break">
          {endpoint.url}
        </h2>
        <span class={`tag ${isWell ? 'real' : 'mixed'}`}>
          {isWell ? webhooks.enabled : webhooks.disabled}
        </span>
      </header>
      <p class="soft mono break">{endpoint.events.join(' · ')}</p>
      {endpoint.disabled && <p class="note warn">{webhooks.disabledBecause[endpoint.disabled.reason]}</p>}
      {error && <ErrorNote error={error} />}
      <div class="actions">
        <button type="button" class="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {webhooks.deliveries}
        </button>
        {may('submit') && (
          <>
            <button type="button" class="button" disabled={!isWell} onClick={() => void test()}>
              {webhooks.test}
            </button>
            <button type="button" class="button" onClick={() => void toggle()}>
              {endpoint.enabled ? webhooks.disable : webhooks.enable}
            </button>
            <button type="button" class="button" onClick={rotate}>
              {webhooks.rotate}
            </button>
            <button type="button" class="button" onClick={remove}>
              {webhooks.remove}
            </button>
          </>
        )}
      </div>
      {isOpen && (
        <Deliveries key={deliveriesSeen} endpointId={endpoint.id} mayReplay={isWell && may('submit')} />
      )}
    </section>
  );
}
