import type { Report } from '@bonafide/contracts';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../texts';
import { clock, percent } from '../../texts/numbers';
import { paintCount } from '../../theme';
import type { Playback } from './playback';
import { whenPrinted } from './printing';
import { drawTimeline } from './timeline-chart';
import { ofChannel, toldChannel } from './told-channel';

const STEP_SEC = 1;
const PAGE_SEC = 10;
const EDGE_SEC = 0.25;

/** Each window's score as a bar under the waveform; a slider for the keyboard, a place to click for the mouse. */
export function Timeline({ report, playback }: { report: Report; playback: Playback }) {
  const place = useRef<HTMLDivElement>(null);
  const { duration } = report.audio_info;
  const paint = paintCount.value;
  useEffect(() => {
    const chart = drawTimeline(place.current as HTMLElement, report);
    const stop = playback.timeSec.subscribe((sec) => chart.moveTo(sec));
    const stopPrinting = whenPrinted(chart.fit);
    return () => {
      stop();
      stopPrinting();
      chart.close();
    };
  }, [report, paint]);
  const within = (sec: number) => Math.min(duration, Math.max(0, sec));
  const onKeyDown = (event: KeyboardEvent) => {
    const goal = goalOf(event.key, playback.timeSec.value, duration);
    if (goal === undefined) return;
    event.preventDefault();
    playback.seek(within(goal));
  };
  const { player, channels } = t().result;
  const channel = toldChannel(report);
  const timeSec = playback.timeSec.value;
  return (
    <div class="timeline">
      <div
        ref={place}
        class="timeline-chart"
        role="slider"
        tabIndex={0}
        aria-label={ofChannel(player.timeline, report)}
        aria-valuemin={0}
        aria-valuemax={Math.round(duration)}
        aria-valuenow={Math.round(timeSec)}
        aria-valuetext={player.at(clock(timeSec), scoreAt(report, timeSec))}
        onKeyDown={onKeyDown}
        onClick={(event) => playback.playFrom(within(secAt(event, duration)))}
      />
      <p class="timeline-legend">
        {channel !== null && <b class="timeline-channel">{channels.name(channel + 1)}</b>}
        <span class="key real">{player.legendReal}</span>
        <span class="key fake">{player.legendFake}</span>
        <span class="timeline-now mono">{player.at(clock(timeSec), scoreAt(report, timeSec))}</span>
        <span class="timeline-hint">{player.timelineHint}</span>
      </p>
    </div>
  );
}

function goalOf(key: string, sec: number, duration: number): number | undefined {
  if (key === 'ArrowRight' || key === 'ArrowUp') return sec + STEP_SEC;
  if (key === 'ArrowLeft' || key === 'ArrowDown') return sec - STEP_SEC;
  if (key === 'PageUp') return sec + PAGE_SEC;
  if (key === 'PageDown') return sec - PAGE_SEC;
  if (key === 'Home') return 0;
  return key === 'End' ? duration : undefined;
}

function secAt(event: MouseEvent, duration: number): number {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  return ((event.clientX - box.left) / box.width) * duration;
}

/** What the window at a moment was given, in words. */
function scoreAt({ windows }: Report, sec: number): string {
  // The first begins where the edge's silence ends: a moment before belongs to it.
  const window = windows.find(({ start_sec, end_sec }) => sec >= start_sec - EDGE_SEC && sec < end_sec);
  return window?.p_fake === null || window === undefined
    ? t().result.player.noSpeech
    : percent(window.p_fake);
}
