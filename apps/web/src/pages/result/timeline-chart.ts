import type { Report } from '@bonafide/contracts';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { clock } from '../../texts/numbers';
import { colourOf, scoreColour } from '../../theme';

const HEIGHT_PX = 116;
/** A window without a score still shows that time passes there. */
const EMPTY_SHARE = 0.03;

export type TimelineChart = {
  moveTo: (sec: number) => void;
  /** Null: as wide as its place. */
  fit: (widthPx: number | null) => void;
  close: () => void;
};

/** Bars over the very width of the waveform above: same left edge, same right edge, same seconds. */
export function drawTimeline(place: HTMLElement, report: Report): TimelineChart {
  const { duration } = report.audio_info;
  let nowSec = 0;
  const draw = (plot: uPlot) => {
    drawBars(plot, report);
    drawLevel(plot, report.threshold.value);
    drawCursor(plot, nowSec);
  };
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: HEIGHT_PX,
      padding: [6, 0, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, range: [0, duration] }, y: { range: [0, 1] } },
      axes: [timeAxis(duration), { show: false }],
      series: [{}, { paths: () => null, points: { show: false } }],
      hooks: { draw: [draw] },
    },
    [report.windows.map(({ start_sec }) => start_sec), report.windows.map(({ p_fake }) => p_fake)],
    place,
  );
  const fit = (widthPx: number | null) =>
    plot.setSize({ width: widthPx ?? place.clientWidth, height: HEIGHT_PX });
  const observer = new ResizeObserver(() => fit(null));
  observer.observe(place);
  return {
    fit,
    moveTo: (sec) => {
      nowSec = sec;
      plot.redraw(false, false);
    },
    close: () => {
      observer.disconnect();
      plot.destroy();
    },
  };
}

/** Whole seconds and minutes only. */
const STEPS_SEC = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** No label at the ends, where it would be cut off. */
const timeAxis = (durationSec: number): uPlot.Axis => ({
  stroke: () => colourOf('ink-soft'),
  font: '12px system-ui, sans-serif',
  size: 26,
  gap: 4,
  grid: { show: false },
  ticks: { stroke: colourOf('line'), width: 1, size: 5 },
  incrs: STEPS_SEC,
  space: 56,
  values: (_plot, splits) => splits.map((sec) => (sec > 0 && sec < 0.97 * durationSec ? clock(sec) : '')),
});

function drawBars(plot: uPlot, { windows }: Report): void {
  const { ctx } = plot;
  const ends = { real: colourOf('real'), fake: colourOf('fake'), middle: colourOf('undecided') };
  const floor = plot.valToPos(0, 'y', true);
  const gap = devicePixelRatio;
  for (const { start_sec, end_sec, p_fake } of windows) {
    const left = plot.valToPos(start_sec, 'x', true);
    const width = Math.max(1, plot.valToPos(end_sec, 'x', true) - left - gap);
    const top = plot.valToPos(p_fake ?? EMPTY_SHARE, 'y', true);
    ctx.fillStyle = p_fake === null ? colourOf('line') : scoreColour(p_fake, ends);
    ctx.beginPath();
    ctx.roundRect(left, top, width, floor - top, [2 * gap, 2 * gap, 0, 0]);
    ctx.fill();
  }
}

function drawLevel(plot: uPlot, value: number): void {
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(value, 'y', true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = colourOf('ink-soft');
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

function drawCursor(plot: uPlot, sec: number): void {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(sec, 'x', true);
  ctx.fillStyle = colourOf('ink');
  ctx.fillRect(Math.max(bbox.left, x - devicePixelRatio), bbox.top, 2 * devicePixelRatio, bbox.height);
}
