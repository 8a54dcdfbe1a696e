import { useState } from 'preact/hooks';
import { ErrorNote } from '../../parts/error-note';
import { t } from '../../texts';
import { languageName } from '../../texts/numbers';
import { SAMPLES, type Sample } from './samples';

/** Recordings that lie beside the pages, for those who have none at hand. */
export function SampleList({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const [error, setError] = useState<Error | null>(null);
  const take = async ({ file }: Sample) => {
    try {
      const response = await fetch(`/samples/${file}`);
      if (!response.ok) throw new Error(`${file} is not there`);
      onFiles([new File([await response.blob()], file)]);
    } catch (cause) {
      setError(cause as Error);
    }
  };
  const { analyse } = t();
  return (
    <section aria-labelledby="samples-title" class="samples">
      <h2 id="samples-title">{analyse.samples}</h2>
      <ul>
        {SAMPLES.map((sample) => (
          <li key={sample.file}>
            <button type="button" class="sample" data-sample={sample.file} onClick={() => void take(sample)}>
              <span class={`tag ${sample.kind}`}>{analyse.sampleKind[sample.kind]}</span>
              <span class="soft">{languageName(sample.language)}</span>
              <span class="sample-name">{analyse.sampleNotes[sample.file]}</span>
              <small>{analyse.sampleLicence(analyse.sampleCredits[sample.file], sample.licence)}</small>
            </button>
          </li>
        ))}
      </ul>
      {error && <ErrorNote error={error} />}
    </section>
  );
}
