import type { Report } from '@bonafide/contracts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../parts/icon';
import { t } from '../../texts';
import { clock } from '../../texts/numbers';
import { paintCount } from '../../theme';
import type { Playback } from './playback';
import { whenPrinted } from './printing';
import { Timeline } from './timeline';
import { toldChannel } from './told-channel';
import { LONGEST_DRAWN_SEC, openWaveform, type Waveform } from './waveform';

type Props = { mediaUrl: string; report: Report; playback: Playback };
type State = 'loading' | 'ready' | 'unplayable' | 'gone';

/** Waveform and spectrogram of the recording, and under them, in step, what the models said of each window. */
export function Player({ mediaUrl, report, playback }: Props) {
  const wave = useRef<HTMLDivElement>(null);
  const spectrogram = useRef<HTMLDivElement>(null);
  const tracks = useRef<HTMLDivElement>(null);
  const drawn = useRef<Waveform | undefined>(undefined);
  const [state, setState] = useState<State>('loading');
  const { duration } = report.audio_info;
  useEffect(() => {
    let isOver = false;
    void openWaveform({
      ...{ mediaUrl, report, playback },
      wave: wave.current as HTMLElement,
      spectrogram: spectrogram.current as HTMLElement,
      onState: (next) => !isOver && setState(next),
    }).then((waveform) => {
      if (isOver) waveform?.close();
      else drawn.current = waveform;
    });
    return () => {
      isOver = true;
      drawn.current?.close();
      drawn.current = undefined;
    };
  }, [mediaUrl]);
  const paint = paintCount.value;
  useEffect(() => {
    if (state === 'ready') drawn.current?.repaint('all');
  }, [paint]);
  useEffect(() => whenPrinted((widthPx) => fitToPaper(tracks.current, drawn.current, widthPx)), []);
  const { player, channels } = t().result;
  const isSilent = state === 'unplayable' || state === 'gone';
  return (
    <section class="card player" aria-labelledby="player-title" data-state={state}>
      <header class="row spread">
        <h2 id="player-title">{player.title}</h2>
        <div class="row">
          <span class="mono">{player.position(clock(playback.timeSec.value), clock(duration))}</span>
          <button
            type="button"
            class="button primary play"
            disabled={state !== 'ready'}
            onClick={() => playback.toggle()}
          >
            <Icon name={playback.isPlaying.value ? 'pause' : 'play'} />
            {playback.isPlaying.value ? player.pause : player.play}
          </button>
        </div>
      </header>
      {isSilent && <p class="note">{state === 'gone' ? player.gone : player.unplayable}</p>}
      {duration > LONGEST_DRAWN_SEC && <p class="note">{player.tooLong}</p>}
      {toldChannel(report) !== null && duration <= LONGEST_DRAWN_SEC && <p class="soft">{channels.drawn}</p>}
      <div ref={tracks} class="tracks">
        <div ref={wave} class={`wave${isSilent ? ' is-empty' : ''}`} aria-hidden="true" />
        <div ref={spectrogram} class={`spectrogram${isSilent ? ' is-empty' : ''}`} aria-hidden="true" />
        <Timeline report={report} playback={playback} />
      </div>
      {state === 'unplayable' && (
        <a class="button" href={mediaUrl} download>
          <Icon name="download" />
          {player.download}
        </a>
      )}
    </section>
  );
}

/** Pictures without words in them may be scaled as they are. */
function fitToPaper(tracks: HTMLElement | null, drawn: Waveform | undefined, widthPx: number | null): void {
  const zoom = widthPx === null || !tracks ? 1 : widthPx / tracks.clientWidth;
  tracks?.style.setProperty('--paper-zoom', String(zoom));
  drawn?.repaint('waveform');
}
