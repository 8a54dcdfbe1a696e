import type { SystemFigures } from '@bonafide/contracts';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../texts';
import { percent, percentOrNone, whole } from '../../texts/numbers';
import { paintCount } from '../../theme';
import { drawCalibration } from './calibration-chart';

/** Whether probabilities mean what they say: drawn, and as a table for those who cannot see the drawing. */
export function Calibration({ figures }: { figures: SystemFigures }) {
  const place = useRef<HTMLDivElement>(null);
  const { model: texts } = t();
  const bins = figures.calibration.reliability.filter(({ n }) => n > 0);
  const paint = paintCount.value;
  useEffect(
    () => drawCalibration(place.current as HTMLElement, bins, { x: texts.predicted, y: texts.observed }),
    [figures, paint, texts],
  );
  return (
    <section class="card" aria-labelledby="calibration-title">
      <h2 id="calibration-title">{texts.calibration}</h2>
      <p class="soft">{texts.calibrationText}</p>
      <div class="calibration">
        <div ref={place} class="chart square" aria-hidden="true" />
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.predicted}</th>
              <th scope="col" class="number">
                {texts.observed}
              </th>
              <th scope="col" class="number">
                {texts.count}
              </th>
            </tr>
          </thead>
          <tbody>
            {bins.map(({ low, high, share_fake, n }) => (
              <tr key={low}>
                <td>
                  {percent(low)} – {percent(high)}
                </td>
                <td class="number">{percentOrNone(share_fake)}</td>
                <td class="number">{whole(n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
