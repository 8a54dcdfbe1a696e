import type { Readiness } from '@bonafide/contracts';
import { useEffect, useState } from 'preact/hooks';
import { ErrorNote } from '../parts/error-note';
import { Icon } from '../parts/icon';
import { PageHead } from '../parts/page-head';
import { NetworkError } from '../calls/http';
import { t } from '../texts';
import { moment, whole } from '../texts/numbers';
import { QueueTable } from './queue-table';

const EVERY_MS = 5_000;

/** Whether all parts of the service work, looked at again every few seconds while the page is in view. */
export function Status() {
  const [readiness, setReadiness] = useState<Readiness | null>(null);
  const [at, setAt] = useState('');
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    const look = async () => {
      if (document.hidden) return;
      try {
        setReadiness((await (await fetch('/readyz')).json()) as Readiness);
        setAt(new Date().toISOString());
        setError(null);
      } catch (cause) {
        setError(new NetworkError('no answer', { cause }));
      }
    };
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const { system } = t();
  return (
    <div class="page">
      <PageHead title={system.title} lead={system.lead} />
      {error && <ErrorNote error={error} />}
      {readiness && !error && <Checks readiness={readiness} at={at} />}
      {/* Below what is there already, so that nothing is pushed down. */}
      {(readiness || error) && <QueueTable />}
    </div>
  );
}

function Checks({ readiness, at }: { readiness: Readiness; at: string }) {
  const { system } = t();
  const isReady = readiness.status === 'ready';
  return (
    <section class="card" aria-labelledby="checks-title">
      <p class={`note ${isReady ? 'good' : 'bad'}`} role="status">
        <Icon name={isReady ? 'check' : 'alert'} />
        <b id="checks-title">{isReady ? system.ready : system.notReady}</b>
      </p>
      <dl class="facts">
        {Object.entries(readiness.checks).map(([name, { ok, detail }]) => (
          <div key={name}>
            <dt>{system.checks[name] ?? name}</dt>
            <dd>
              {ok ? (
                system.ok
              ) : (
                <>
                  <span class="state bad">{system.failing}</span> {effectOf(name, readiness)}{' '}
                  <small class="mono" lang="en">
                    {detail}
                  </small>
                </>
              )}
            </dd>
          </div>
        ))}
        <div>
          <dt>{system.workers}</dt>
          <dd>{whole(readiness.workers)}</dd>
        </div>
        <div>
          <dt>{system.models}</dt>
          <dd>{readiness.model_versions.join(', ') || t().shell.none}</dd>
        </div>
      </dl>
      <p class="soft">{system.updated(moment(at))}</p>
    </section>
  );
}

/** What a failing part means. Of workers and of its own settings only the queue tells. */
function effectOf(name: string, { checks }: Readiness): string | undefined {
  const { effects, untold } = t().system;
  return !checks.redis.ok && (name === 'redis_policy' || name === 'models') ? untold : effects[name];
}
