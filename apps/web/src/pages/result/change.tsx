import type { Analysis, Report } from '@bonafide/contracts';
import { useEffect, useState } from 'preact/hooks';
import { call } from '../../calls/http';
import { readingOf, VerdictTag } from '../../parts/verdict-tag';
import { t } from '../../texts';
import { percent } from '../../texts/numbers';

export const pathOf = (analysisId: string) => `/analyses/${analysisId}`;

/** The result that an analysis scores again: null where there is none (any more), undefined until that is known. */
export function useResultBefore(analysis: Analysis | null): Report | null | undefined {
  const of = analysis?.reanalysis_of;
  const [found, setFound] = useState<{ of: string; report: Report | null } | null>(null);
  useEffect(() => {
    if (of === undefined) return;
    void call<Analysis>(`/v1${pathOf(of)}`)
      .then(
        ({ result }) => result ?? null,
        () => null,
      )
      .then((report) => setFound({ of, report }));
  }, [of]);
  if (of === undefined) return null;
  return found?.of === of ? found.report : undefined;
}

/** `firstPath`: absent for who came by a link, which opens this result alone. */
type Props = { firstPath?: string; before: Report; now: Report };

/** What another model has made of the same recording, where that reads otherwise. */
export function Change({ firstPath, before, now }: Props) {
  if (readingOf(before) === readingOf(now) && percent(before.p_fake) === percent(now.p_fake)) return null;
  const words = t().changes;
  const rows: [name: string, report: Report][] = [
    [words.before, before],
    [words.now, now],
  ];
  return (
    <section class="card change" aria-labelledby="change-title">
      <h2 id="change-title">{words.title}</h2>
      <p class="soft">
        {words.text} {firstPath && <a href={firstPath}>{words.first}</a>}
      </p>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{t().history.verdict}</th>
            <th scope="col">{t().result.facts.model}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, report]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <VerdictTag report={report} />
              </td>
              <td>{report.model_version}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
