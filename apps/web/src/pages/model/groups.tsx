import { useState } from 'preact/hooks';
import { t } from '../../texts';
import { percentOrNone, whole } from '../../texts/numbers';

type Group = { name: string; family: string; n: number; eer?: number | null };
const SHOWN_AT_FIRST = 12;

const familyName = (family: string) => t().model.familyNames[family] ?? family;

/** Error rates by kind of synthesis, the worst first: where it fails is what one must know. */
export function Groups({
  title,
  groups,
  kind,
}: {
  title: string;
  groups: readonly Group[];
  kind: 'family' | 'generator';
}) {
  const [isWhole, setWhole] = useState(false);
  const { model: texts } = t();
  const sorted = [...groups].sort((a, b) => (b.eer ?? 0) - (a.eer ?? 0));
  const shown = isWhole ? sorted : sorted.slice(0, SHOWN_AT_FIRST);
  return (
    <section class="card" aria-labelledby={`${kind}-title`}>
      <h2 id={`${kind}-title`}>{title}</h2>
      <p class="soft">{texts.generatorsText}</p>
      <table class="narrow-names">
        <thead>
          <tr>
            <th scope="col">{kind === 'family' ? texts.family : texts.generator}</th>
            <th scope="col" class="number">
              {texts.clips}
            </th>
            <th scope="col" class="number">
              {texts.eer}
            </th>
            <th scope="col" class="bar-cell" aria-hidden="true" />
          </tr>
        </thead>
        <tbody>
          {shown.map(({ name, family, n, eer }) => (
            <tr key={name}>
              <th scope="row">
                {kind === 'family' ? familyName(name) : name}{' '}
                {kind === 'generator' && <small>{familyName(family)}</small>}
              </th>
              <td class="number">{whole(n)}</td>
              <td class="number">{percentOrNone(eer, 1)}</td>
              <td class="bar-cell" aria-hidden="true">
                <svg>
                  <rect class="bar-track" width="100%" height="100%" rx="3" />
                  <rect
                    class="bar-error"
                    width={`${Math.min(100, 200 * (eer ?? 0))}%`}
                    height="100%"
                    rx="3"
                  />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {sorted.length > SHOWN_AT_FIRST && (
        <button type="button" class="quiet" onClick={() => setWhole(!isWhole)}>
          {isWhole ? texts.showLess : texts.showAll(sorted.length)}
        </button>
      )}
    </section>
  );
}
