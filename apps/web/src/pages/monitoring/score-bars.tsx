import { t } from '../../texts';
import { percent } from '../../texts/numbers';

const WIDTH = 100;
const HEIGHT = 24;

/** How the scores are spread from real to cloned, as small bars. */
export function ScoreBars({ shares }: { shares: readonly number[] }) {
  const most = Math.max(...shares, 1e-9);
  const step = WIDTH / Math.max(1, shares.length);
  const upper = shares.slice(Math.floor(shares.length / 2)).reduce((sum, share) => sum + share, 0);
  return (
    <svg
      role="img"
      class="score-bars"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-label={t().monitoring.scoresLabel(percent(upper))}
    >
      {shares.map((share, bin) => {
        const height = Math.max(1, (HEIGHT * share) / most);
        return <rect key={bin} x={bin * step + 0.5} y={HEIGHT - height} width={step - 1} height={height} />;
      })}
    </svg>
  );
}
