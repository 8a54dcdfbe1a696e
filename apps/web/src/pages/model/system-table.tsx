import type { SystemFigures } from '@bonafide/contracts';
import { t } from '../../texts';
import { decimal, percentOrNone, whole } from '../../texts/numbers';

/** Each model and both ensembles side by side, with what the figures mean. */
export function SystemTable({ systems }: { systems: Record<string, SystemFigures> }) {
  const { model: texts, result } = t();
  const nameOf = (name: string) =>
    name === 'fusion'
      ? texts.fusion
      : name === 'classic'
        ? texts.classic
        : (result.members.names[name] ?? name);
  const { eer, macro, auc, ece, clips } = texts.metrics;
  const columns = [eer, macro, auc, ece, clips].map(([title]) => title);
  const cellsOf = (figures: SystemFigures) => [
    percentOrNone(figures.pooled.eer, 1),
    percentOrNone(figures.macro_generators?.eer, 1),
    decimal(figures.pooled.auc ?? NaN, 3),
    decimal(figures.calibration.ece ?? NaN, 3),
    `${whole(figures.clips.real)} + ${whole(figures.clips.fake)}`,
  ];
  return (
    <section class="card" aria-labelledby="systems-title">
      <h2 id="systems-title">{texts.metricsTitle}</h2>
      <div class="table-scroll" tabIndex={0} role="group" aria-labelledby="systems-title">
        <table class="stacked">
          <thead>
            <tr>
              <th scope="col">{texts.system}</th>
              {columns.map((title) => (
                <th key={title} scope="col" class="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Object.entries(systems).map(([name, figures]) => (
              <tr key={name} class={name === 'fusion' ? 'strong' : ''}>
                <th scope="row">{nameOf(name)}</th>
                {cellsOf(figures).map((figure, column) => (
                  <td key={column} class="number" data-label={columns[column]}>
                    {figure}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <dl class="glossary">
        {[eer, auc, ece].map(([title, help]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{help}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
