import type { SystemFigures } from '@bonafide/contracts';
import { useState } from 'preact/hooks';
import { t } from '../../texts';
import { languageName, percentOrNone, whole } from '../../texts/numbers';

/** Fewer recordings of a kind say nothing about it. */
const MIN_CLIPS = 10;

/** Mistakes at the balanced threshold by language, codec and so on. */
export function Conditions({ figures }: { figures: SystemFigures }) {
  const { model: texts } = t();
  const slices = figures.slices ?? {};
  const names = Object.keys(slices).filter((name) => slices[name].length > 0 && texts.condition[name]);
  const [chosen, setChosen] = useState('language');
  const name = names.includes(chosen) ? chosen : names[0];
  if (!name) return null;
  const rows = slices[name].filter(({ real, fake }) => real + fake >= MIN_CLIPS);
  return (
    <section class="card" aria-labelledby="conditions-title">
      <header class="row spread">
        <h2 id="conditions-title">{texts.conditions}</h2>
        <div class="tabs" role="group" aria-labelledby="conditions-title">
          {names.map((each) => (
            <button key={each} type="button" aria-pressed={each === name} onClick={() => setChosen(each)}>
              {texts.condition[each]}
            </button>
          ))}
        </div>
      </header>
      <p class="soft">{texts.conditionsText}</p>
      <div class="table-scroll" tabIndex={0} role="group" aria-labelledby="conditions-title">
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.condition[name]}</th>
              {[texts.realClips, texts.fakeClips, texts.fpr, texts.fnr].map((title) => (
                <th key={title} scope="col" class="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ value, real, fake, fpr, fnr }) => (
              <tr key={value}>
                <th scope="row">{name === 'language' ? languageName(value) : texts.range(value)}</th>
                <td class="number">{whole(real)}</td>
                <td class="number">{whole(fake)}</td>
                <td class="number">{percentOrNone(fpr, 1)}</td>
                <td class="number">{percentOrNone(fnr, 1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
