import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { percent, whole } from '../../texts/numbers';
import { colourOf, scoreColour } from '../../theme';

const HEIGHT_PX = 190;

/** Columns over 0..1, coloured as the scores they stand for. @returns how to take it away */
export function drawHistogram(place: HTMLElement, counts: readonly number[]): () => void {
  const highest = Math.max(1, ...counts);
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: HEIGHT_PX,
      padding: [10, 24, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, range: [0, 1] }, y: { range: [0, highest * 1.08] } },
      axes: [
        axis({ values: (_plot, splits) => splits.map((share) => percent(share).replace(/[<>] /, '')) }),
        countAxis(),
      ],
      series: [{}, { paths: () => null, points: { show: false } }],
      hooks: { draw: [(drawn) => drawColumns(drawn, counts)] },
    },
    [counts.map((_count, bin) => bin / counts.length), [...counts]],
    place,
  );
  const observer = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT_PX }));
  observer.observe(place);
  return () => {
    observer.disconnect();
    plot.destroy();
  };
}

const axis = (more: uPlot.Axis): uPlot.Axis => ({
  stroke: colourOf('ink-soft'),
  font: '12px system-ui, sans-serif',
  grid: { show: false },
  ticks: { show: false },
  size: 30,
  ...more,
});

const countAxis = () =>
  axis({
    grid: { show: true, stroke: colourOf('line'), width: 1 },
    size: 48,
    incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000],
    values: (_plot, splits) => splits.map((count) => whole(count)),
  });

function drawColumns(plot: uPlot, counts: readonly number[]): void {
  const { ctx } = plot;
  const ends = { real: colourOf('real'), fake: colourOf('fake'), middle: colourOf('undecided') };
  const floor = plot.valToPos(0, 'y', true);
  for (const [bin, count] of counts.entries()) {
    const left = plot.valToPos(bin / counts.length, 'x', true) + devicePixelRatio;
    const right = plot.valToPos((bin + 1) / counts.length, 'x', true) - devicePixelRatio;
    const top = plot.valToPos(count, 'y', true);
    ctx.fillStyle = scoreColour((bin + 0.5) / counts.length, ends);
    ctx.beginPath();
    ctx.roundRect(left, top, right - left, floor - top, [3 * devicePixelRatio, 3 * devicePixelRatio, 0, 0]);
    ctx.fill();
  }
}
