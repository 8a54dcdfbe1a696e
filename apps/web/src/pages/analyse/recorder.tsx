import { useEffect, useRef, useState } from 'preact/hooks';
import WaveSurfer from 'wavesurfer.js';
import RecordPlugin from 'wavesurfer.js/dist/plugins/record.esm.js';
import { Icon } from '../../parts/icon';
import { cspNonce } from '../../calls/csp-nonce';
import { t } from '../../texts';
import { clock } from '../../texts/numbers';
import { colourOf } from '../../theme';
import { isRecording } from './is-recording';
import { meterOf } from './level-meter';

type Props = { onRecorded: (file: File) => void; onDiscard: () => void };

/** What a call would do to the sound would cover what the models look for. */
const UNPROCESSED = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const EXTENSIONS: Record<string, string> = { 'audio/webm': 'webm', 'audio/ogg': 'ogg', 'audio/mp4': 'm4a' };

/** Records from the microphone until told to stop. */
export function Recorder({ onRecorded, onDiscard }: Props) {
  const wave = useRef<HTMLDivElement>(null);
  const recorder = useRef<RecordPlugin | undefined>(undefined);
  const [level, setLevel] = useState(0);
  const [elapsedMs, setElapsed] = useState(0);
  const [attempt, setAttempt] = useState(0);
  const [fault, setFault] = useState<'denied' | 'absent' | 'unsupported' | null>(null);
  useEffect(() => {
    if (!navigator.mediaDevices) {
      setFault('unsupported');
      return;
    }
    setFault(null);
    const container = wave.current as HTMLDivElement;
    const colours = { waveColor: colourOf('accent'), progressColor: colourOf('accent') };
    const surfer = WaveSurfer.create({
      container,
      height: 72,
      cspNonce: cspNonce(),
      interact: false,
      ...colours,
    });
    const record = surfer.registerPlugin(
      RecordPlugin.create({
        renderRecordedAudio: false,
        scrollingWaveform: true,
        scrollingWaveformWindow: 8,
      }),
    );
    recorder.current = record;
    let stopMeter = () => {};
    const letLeave = keepHere(() => record.isRecording());
    record.on('record-progress', setElapsed);
    record.on('record-end', (blob) => {
      isRecording.value = false;
      onRecorded(fileOf(blob));
    });
    record
      .startMic(UNPROCESSED)
      .then(async (stream) => {
        stopMeter = meterOf(stream, setLevel);
        await record.startRecording();
        isRecording.value = true;
      })
      .catch((error: DOMException) => setFault(error.name === 'NotFoundError' ? 'absent' : 'denied'));
    return () => {
      isRecording.value = false;
      letLeave();
      stopMeter();
      record.unAll();
      record.stopMic();
      surfer.destroy();
    };
  }, [attempt]);
  return (
    <>
      <div ref={wave} class="recorder-wave" aria-hidden="true" />
      {fault ? (
        <p role="alert">{t().analyse.record[fault]}</p>
      ) : (
        <Meters level={level} elapsedMs={elapsedMs} />
      )}
      <div class="drop-actions">
        {fault ? (
          <button type="button" class="button primary" onClick={() => setAttempt(attempt + 1)}>
            {t().shell.retry}
          </button>
        ) : (
          <button type="button" class="button primary" onClick={() => recorder.current?.stopRecording()}>
            <Icon name="stop" />
            {t().analyse.record.stop}
          </button>
        )}
        <button type="button" class="button" onClick={onDiscard}>
          {fault ? t().shell.close : t().analyse.record.discard}
        </button>
      </div>
    </>
  );
}

/** Asks before a recording is lost to a reload or to another page. @returns how to stop asking */
function keepHere(isRecording: () => boolean): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  window.addEventListener('beforeunload', (event) => isRecording() && event.preventDefault(), { signal });
  const ask = (event: MouseEvent) => {
    if (!leavesPage(event) || !isRecording()) return;
    // Answered once and for all: the next click may come before the page has made room for the new one.
    if (confirm(t().analyse.record.leaveSure)) return stop.abort();
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener('click', ask, { signal, capture: true });
  return () => stop.abort();
}

/** Links to elsewhere in this page or to what opens beside it leave it as it is. */
const LEAVING = 'a[href]:not([href^="#"], [target="_blank"], [download])';

/** A plain click on such a link: with a key held down it opens beside this page as well. */
function leavesPage({ target, ctrlKey, metaKey, shiftKey }: MouseEvent): boolean {
  return Boolean((target as Element | null)?.closest(LEAVING)) && !ctrlKey && !metaKey && !shiftKey;
}

function Meters({ level, elapsedMs }: { level: number; elapsedMs: number }) {
  const { record } = t().analyse;
  return (
    <>
      <p class="recorder-clock" role="timer">
        <span class="recorder-dot" /> {record.recording} {clock(elapsedMs / 1000)}
      </p>
      <label class="recorder-level">
        <span>{record.level}</span>
        <meter min={-60} max={0} low={-40} high={-3} optimum={-18} value={level} />
      </label>
      <p class="drop-hint">{record.hint}</p>
    </>
  );
}

function fileOf(blob: Blob): File {
  const type = blob.type.split(';')[0] ?? '';
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return new File([blob], `${t().analyse.record.filename}-${stamp}.${EXTENSIONS[type] ?? 'webm'}`, { type });
}
