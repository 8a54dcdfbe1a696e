import type { Report } from '@bonafide/contracts';
import { ShareBar } from '../../parts/share-bar';
import { t } from '../../texts';
import { percent } from '../../texts/numbers';

export function Channels({ report }: { report: Report }) {
  const { channels } = t().result;
  return (
    <section class="card" aria-labelledby="channels-title">
      <h2 id="channels-title">{channels.title}</h2>
      <p class="soft">{channels.text}</p>
      <ul class="votes">
        {report.channels.map(({ channel, p_fake }) => (
          <li key={channel}>
            <span class="vote-name">{channels.name(channel + 1)}</span>
            <ShareBar share={p_fake} />
            <b>{percent(p_fake)}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}
