import type { QueueCounts } from '@bonafide/contracts';
import { useEffect, useState } from 'preact/hooks';
import { call } from '../calls/http';
import { may } from '../calls/session';
import { t } from '../texts';
import { decimal, whole } from '../texts/numbers';

const EVERY_MS = 5_000;

/** What waits and what runs. Absent for keys that may not see it. */
export function QueueTable() {
  const [counts, setCounts] = useState<QueueCounts | null>(null);
  const mayLook = may('admin');
  useEffect(() => {
    if (!mayLook) return;
    const look = () =>
      !document.hidden && void call<QueueCounts>('/v1/queues').then(setCounts, () => setCounts(null));
    look();
    const timer = setInterval(look, EVERY_MS);
    return () => clearInterval(timer);
  }, [mayLook]);
  const { system } = t();
  if (!counts) return null;
  return (
    <section class="card" aria-labelledby="queues-title">
      <h2 id="queues-title">{system.queues}</h2>
      <div class="table-scroll" tabIndex={0} role="group" aria-labelledby="queues-title">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span class="visually-hidden">{system.queues}</span>
              </th>
              <th scope="col" class="number">
                {system.waiting}
              </th>
              <th scope="col" class="number">
                {system.active}
              </th>
              <th scope="col" class="number">
                {system.delayed}
              </th>
              <th scope="col" class="number">
                {system.rate}
              </th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(counts.queues).map(([name, queue]) => (
              <tr key={name}>
                <td>{system.queueNames[name] ?? name}</td>
                <td class="number">{whole(queue.waiting)}</td>
                <td class="number">{whole(queue.active)}</td>
                <td class="number">{whole(queue.delayed)}</td>
                <td class="number">{decimal(counts.rates[name] ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
