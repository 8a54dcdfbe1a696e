import type { ReliabilityBin } from '@bonafide/contracts';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { percent } from '../../texts/numbers';
import { colourOf } from '../../theme';

const MAX_SIZE_PX = 380;

/** The reliability diagram: stated probability against the share that was cloned. @returns how to take it away */
export function drawCalibration(
  place: HTMLElement,
  bins: readonly ReliabilityBin[],
  labels: { x: string; y: string },
): () => void {
  const size = () => Math.min(MAX_SIZE_PX, place.clientWidth);
  const colour = colourOf('accent');
  const plot = new uPlot(
    {
      width: size(),
      height: size(),
      padding: [12, 26, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, range: [0, 1] }, y: { range: [0, 1] } },
      axes: [axis(labels.x), axis(labels.y)],
      series: [
        {},
        { stroke: colour, width: 2, points: { show: true, size: 9, fill: colour, stroke: colour } },
      ],
      hooks: { drawAxes: [drawDiagonal] },
    },
    [bins.map(({ mean_p_fake }) => mean_p_fake ?? 0), bins.map(({ share_fake }) => share_fake ?? null)],
    place,
  );
  const observer = new ResizeObserver(() => plot.setSize({ width: size(), height: size() }));
  observer.observe(place);
  return () => {
    observer.disconnect();
    plot.destroy();
  };
}

const axis = (label: string): uPlot.Axis => ({
  label,
  labelFont: '13px system-ui, sans-serif',
  font: '12px system-ui, sans-serif',
  stroke: colourOf('ink-soft'),
  grid: { stroke: colourOf('line'), width: 1 },
  ticks: { show: false },
  size: 52,
  space: 40,
  values: (_plot, splits) => splits.map((share) => percent(share).replace(/[<>] /, '')),
});

/** Where every point would lie if probabilities meant exactly what they say. */
function drawDiagonal({ ctx, bbox }: uPlot): void {
  ctx.save();
  ctx.strokeStyle = colourOf('ink-soft');
  ctx.setLineDash([5 * devicePixelRatio, 5 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, bbox.top + bbox.height);
  ctx.lineTo(bbox.left + bbox.width, bbox.top);
  ctx.stroke();
  ctx.restore();
}
