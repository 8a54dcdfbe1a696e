import type { FeatureReason } from '@bonafide/contracts';
import { t } from '../../texts';

const MARGIN = 0.08;

/** Two ranges and one value on one axis: the middle 80 % of real and of cloned speech, and this recording. */
export function RangePlot({ reason, label }: { reason: FeatureReason; label: string }) {
  const { reasons: texts } = t().result;
  const { value, real_range: real, fake_range: fake } = reason;
  const low = Math.min(value, real[0], fake[0]);
  const high = Math.max(value, real[1], fake[1]);
  const span = high - low || 1;
  const share = (point: number) => MARGIN + (1 - 2 * MARGIN) * ((point - low) / span);
  const at = (point: number) => `${(100 * share(point)).toFixed(2)}%`;
  const bar = ([from, to]: readonly [number, number]) => ({
    x: at(from),
    width: `${Math.max(0.6, 100 * (share(to) - share(from))).toFixed(2)}%`,
    height: 9,
    rx: 4.5,
  });
  return (
    <div class="range-plot">
      <p aria-hidden="true" class="range-names">
        <span>{texts.real}</span>
        <span>{texts.fake}</span>
      </p>
      <svg role="img" aria-label={label}>
        <rect class="range-real" y={5} {...bar(real)} />
        <rect class="range-fake" y={22} {...bar(fake)} />
        <line class="range-value" x1={at(value)} x2={at(value)} y1={1} y2={35} />
        <circle class="range-value" cx={at(value)} cy={18} r={4.5} />
      </svg>
    </div>
  );
}
