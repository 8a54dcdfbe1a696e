import { useLocation } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { useTitle } from '../../parts/use-title';
import { t } from '../../texts';
import { DropZone } from './drop-zone';
import { entries, isFinished, takeIn, takeUp } from './intake';
import { isRecording } from './is-recording';
import { SampleList } from './sample-list';
import { Steps } from './steps';
import { UploadList } from './upload-list';

/** The first view: hand recordings in, and watch them on their way. */
export function Analyse() {
  const { route } = useLocation();
  useTitle(t().tagline);
  useEffect(() => void takeUp(), []);
  /** Of one recording the result is opened at once; of several, the list stays in view. */
  const hand = async (files: readonly File[]) => {
    if (files.length === 0) return;
    const keys = await takeIn(files);
    if (keys.length > 1) return;
    const stop = entries.subscribe((all) => {
      const entry = all.find(({ key }) => key === keys[0]);
      if (entry && !entry.path && !isFinished(entry)) return;
      queueMicrotask(() => stop());
      if (entry?.path && location.pathname === '/' && !isRecording.peek()) route(entry.path);
    });
  };
  const { analyse } = t();
  return (
    <div class="page analyse">
      <section class="intro">
        <h1>{analyse.title}</h1>
        <p class="lead">{analyse.lead}</p>
      </section>
      <DropZone onFiles={(files) => void hand(files)} />
      {entries.value.length > 0 && <UploadList entries={entries.value} />}
      <SampleList onFiles={(files) => void hand(files)} />
      <Steps />
    </div>
  );
}
