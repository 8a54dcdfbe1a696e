import type { Report } from '@bonafide/contracts';
import WaveSurfer from 'wavesurfer.js';
import RegionsPlugin from 'wavesurfer.js/dist/plugins/regions.esm.js';
import SpectrogramPlugin from 'wavesurfer.js/dist/plugins/spectrogram.esm.js';
import { cspNonce } from '../../calls/csp-nonce';
import { colourOf } from '../../theme';
import { colourRamp } from './colour-ramp';
import { likenessOf } from './likeness';
import type { Playback } from './playback';
import { toldChannel } from './told-channel';

/** Longer recordings are played as they arrive: decoding them whole to draw them would fill the memory. */
export const LONGEST_DRAWN_SEC = 20 * 60;
/** Twice what the spectrogram shows; the models look no higher either. */
const DECODED_HZ = 16_000;
const WAVE_HEIGHT_PX = 96;
const SPECTROGRAM_HEIGHT_PX = 128;

export type Waveform = {
  /** In the colours of now: of the waveform alone, whose drawing is done at once, or of all. */
  repaint: (parts: 'waveform' | 'all') => void;
  close: () => void;
};

type Task = {
  mediaUrl: string;
  report: Report;
  playback: Playback;
  wave: HTMLElement;
  spectrogram: HTMLElement;
  onState: (state: 'ready' | 'unplayable' | 'gone') => void;
};

/** Loads the recording and draws it; undefined where there is nothing to be heard. */
export async function openWaveform({
  mediaUrl,
  report,
  playback,
  ...task
}: Task): Promise<Waveform | undefined> {
  if (!(await isThere(mediaUrl))) {
    task.onState('gone');
    return undefined;
  }
  const isDrawn = report.audio_info.duration <= LONGEST_DRAWN_SEC;
  const channel = toldChannel(report);
  const rows = channel === null ? 1 : 2;
  const surfer = WaveSurfer.create({
    container: task.wave,
    height: WAVE_HEIGHT_PX / rows,
    // One below the other: else the second would hang under the first as its mirror image.
    ...(rows > 1 && { splitChannels: [{}, {}] }),
    ...waveColours(),
    cursorWidth: 2,
    barWidth: 2,
    barGap: 1,
    barRadius: 2,
    normalize: true,
    sampleRate: DECODED_HZ,
    dragToSeek: true,
    cspNonce: cspNonce(),
    url: mediaUrl,
    ...(!isDrawn && { peaks: [[0, 0]], duration: report.audio_info.duration }),
  });
  const regions = surfer.registerPlugin(RegionsPlugin.create());
  let spectrogram = isDrawn ? surfer.registerPlugin(spectrogramIn(task.spectrogram, rows)) : undefined;
  surfer.on('ready', () => {
    markSegments(regions, report);
    task.onState('ready');
  });
  surfer.on('error', () => task.onState('unplayable'));
  surfer.on('timeupdate', (sec) => (playback.timeSec.value = sec));
  surfer.on('play', () => (playback.isPlaying.value = true));
  surfer.on('pause', () => (playback.isPlaying.value = false));
  playback.seek = (sec) => surfer.setTime(sec);
  playback.playFrom = (sec) => {
    surfer.setTime(sec);
    void surfer.play();
  };
  playback.toggle = () => void surfer.playPause();
  return {
    repaint: (parts) => {
      surfer.setOptions(waveColours());
      if (parts === 'waveform') return;
      regions.clearRegions();
      markSegments(regions, report);
      if (!spectrogram) return;
      surfer.unregisterPlugin(spectrogram);
      spectrogram = surfer.registerPlugin(spectrogramIn(task.spectrogram, rows));
    },
    close: () => surfer.destroy(),
  };
}

const waveColours = () => ({
  waveColor: colourOf('wave'),
  progressColor: colourOf('wave-played'),
  cursorColor: colourOf('ink'),
});

async function isThere(mediaUrl: string): Promise<boolean> {
  const response = await fetch(mediaUrl, { method: 'HEAD' }).catch(() => null);
  return response === null || (response.status !== 410 && response.status !== 404);
}

function spectrogramIn(container: HTMLElement, rows: number) {
  return SpectrogramPlugin.create({
    container,
    height: SPECTROGRAM_HEIGHT_PX / rows,
    splitChannels: rows > 1,
    fftSamples: 512,
    frequencyMin: 0,
    frequencyMax: DECODED_HZ / 2,
    scale: 'linear',
    labels: false,
    useWebWorker: true,
    colorMap: colourRamp([colourOf('spectrum-low'), colourOf('spectrum-middle'), colourOf('spectrum-high')]),
  });
}

/** Stretches that clearly resemble cloned speech are tinted; the rest is left alone. */
function markSegments(regions: RegionsPlugin, report: Report): void {
  const color = colourOf('fake-tint');
  const fixed = { color, drag: false, resize: false, channelIdx: toldChannel(report) ?? undefined };
  for (const { start_sec: start, end_sec: end, p_fake } of report.segments) {
    if (likenessOf(p_fake) === 'fake') regions.addRegion({ ...fixed, start, end });
  }
}
