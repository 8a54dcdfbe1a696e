import type { Report } from '@bonafide/contracts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../parts/icon';
import { t } from '../../texts';
import { clock } from '../../texts/numbers';
import type { Playback } from './playback';
import { Timeline } from './timeline';
import { LONGEST_DRAWN_SEC, openWaveform, type Waveform } from './waveform';

type Props = { mediaUrl: string; report: Report; playback: Playback };
type State = 'loading' | 'ready' | 'unplayable' | 'gone';

/** Waveform and spectrogram of the recording, and under them, in step, what the models said of each window. */
export function Player({ mediaUrl, report, playback }: Props) {
  const wave = useRef<HTMLDivElement>(null);
  const spectrogram = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<State>('loading');
  const { duration } = report.audio_info;
  useEffect(() => {
    let opened: Waveform | undefined;
    let isOver = false;
    void openWaveform({
      ...{ mediaUrl, report, playback },
      wave: wave.current as HTMLElement,
      spectrogram: spectrogram.current as HTMLElement,
      onState: (next) => !isOver && setState(next),
    }).then((waveform) => {
      if (isOver) waveform?.close();
      else opened = waveform;
    });
    return () => {
      isOver = true;
      opened?.close();
    };
  }, [mediaUrl]);
  const { player } = t().result;
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
      <div class="tracks">
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
