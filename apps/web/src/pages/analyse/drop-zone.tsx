import { lazy } from 'preact-iso';
import { Suspense } from 'preact/compat';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../parts/icon';
import { t } from '../../texts';

const Recorder = lazy(() => import('./recorder').then((module) => module.Recorder));

type Props = { onFiles: (files: readonly File[]) => void };

/** Files by dropping anywhere on the page, by pasting, by choosing, or from the microphone. */
export function DropZone({ onFiles }: Props) {
  const [isRecording, setRecording] = useState(false);
  const isOver = useFilesFromPage(onFiles);
  const { analyse } = t();
  const take = (file: File) => {
    setRecording(false);
    onFiles([file]);
  };
  if (isRecording) {
    return (
      <section class="drop recording" aria-label={analyse.record.title}>
        <Suspense fallback={<p>{t().shell.loading}</p>}>
          <Recorder onRecorded={take} onDiscard={() => setRecording(false)} />
        </Suspense>
      </section>
    );
  }
  return (
    <section class={`drop${isOver ? ' is-over' : ''}`} aria-label={analyse.drop}>
      <span class="drop-mark">
        <Icon name="upload" size={30} />
      </span>
      <p class="drop-title">{isOver ? analyse.dropNow : analyse.drop}</p>
      <p class="drop-hint">{analyse.dropHint}</p>
      <div class="drop-actions">
        <Chooser onFiles={onFiles} />
        <button type="button" class="button" onClick={() => setRecording(true)}>
          <Icon name="microphone" />
          {analyse.record.start}
        </button>
      </div>
      <p class="drop-note">{analyse.privacy}</p>
    </section>
  );
}

function Chooser({ onFiles }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const choose = (element: HTMLInputElement) => {
    onFiles([...(element.files ?? [])]);
    element.value = '';
  };
  return (
    <>
      <button type="button" class="button primary" onClick={() => input.current?.click()}>
        <Icon name="file" />
        {t().analyse.choose}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t().analyse.choose}
        onChange={(event) => choose(event.currentTarget)}
      />
    </>
  );
}

/** @returns whether files are being held over the page */
function useFilesFromPage(onFiles: Props['onFiles']): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const on = <K extends keyof DocumentEventMap>(type: K, listener: (event: DocumentEventMap[K]) => void) =>
      document.addEventListener(type, listener, { signal: stop.signal });
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    on('dragover', (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    });
    on('dragleave', (event) => event.relatedTarget === null && setOver(false));
    on('drop', (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(false);
      onFiles([...(event.dataTransfer?.files ?? [])]);
    });
    on('paste', (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      onFiles(files);
    });
    return () => stop.abort();
  }, [onFiles]);
  return isOver;
}
