import type { Report } from '@bonafide/contracts';
import { model } from '../../calls/model';
import { t } from '../../texts';
import { percent } from '../../texts/numbers';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const logit = (p: number) => Math.log(p / (1 - p));

/** From real to cloned, with the threshold, the zone around it that is left undecided, and this recording. */
export function ScoreScale({ report, words }: { report: Report; words: string }) {
  const { verdict } = t();
  const { value, profile } = report.threshold;
  const { near_threshold: near = 0, near_threshold_by_result: byResult } = model.value?.limits ?? {};
  // The result changes at one half whatever the threshold: what lies between them is undecided too.
  const zone = {
    from: Math.min(0.5, sigmoid(logit(value) - (byResult?.real ?? near))),
    to: Math.max(0.5, sigmoid(logit(value) + (byResult?.fake ?? near))),
  };
  const at = (share: number) => `${(100 * share).toFixed(2)}%`;
  return (
    <div class="scale" role="img" aria-label={verdict.scaleLabel(percent(report.p_fake), words)}>
      <svg viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
        <rect class="scale-real" x="0" y="5" width={at(zone.from)} height="6" />
        <rect class="scale-near" x={at(zone.from)} y="5" width={at(zone.to - zone.from)} height="6" />
        <rect class="scale-fake" x={at(zone.to)} y="5" width={at(1 - zone.to)} height="6" />
      </svg>
      <svg class="scale-marks" aria-hidden="true">
        <line class="scale-threshold" x1={at(value)} x2={at(value)} y1="4" y2="20" />
        <circle class="scale-mark" cx={at(report.p_fake)} cy="12" r="8" />
      </svg>
      <p class="scale-ends" aria-hidden="true">
        <span>{verdict.scaleReal}</span>
        <span>{verdict.threshold(percent(value), verdict.profiles[profile] ?? profile)}</span>
        <span>{verdict.scaleFake}</span>
      </p>
    </div>
  );
}
