import type { Report } from '@bonafide/contracts';
import { t } from '../../texts';
import { clock, percent } from '../../texts/numbers';
import { likenessOf } from './likeness';
import type { Playback } from './playback';
import { ofChannel } from './told-channel';

/** The timeline as a table: stretches of one verdict, each a place to listen from. */
export function Segments({ report, playback }: { report: Report; playback: Playback }) {
  const { segments: texts, player } = t().result;
  return (
    <section class="card" aria-labelledby="segments-title">
      <h2 id="segments-title">{ofChannel(texts.title, report)}</h2>
      <div class="table-scroll" tabIndex={0} role="group" aria-labelledby="segments-title">
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.from}</th>
              <th scope="col">{texts.to}</th>
              <th scope="col">{texts.says}</th>
              <th scope="col" class="number">
                {t().verdict.probability}
              </th>
            </tr>
          </thead>
          <tbody>
            {report.segments.map(({ start_sec, end_sec, p_fake }) => (
              <tr key={start_sec}>
                <td>
                  <button
                    type="button"
                    class="link"
                    aria-label={`${player.play} ${clock(start_sec)}`}
                    onClick={() => playback.playFrom(start_sec)}
                  >
                    {clock(start_sec)}
                  </button>
                </td>
                <td>{clock(end_sec)}</td>
                <td>{texts[likenessOf(p_fake)]}</td>
                <td class="number">{p_fake === null ? t().shell.none : percent(p_fake)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
