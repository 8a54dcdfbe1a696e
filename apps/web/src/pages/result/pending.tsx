import type { Analysis } from '@bonafide/contracts';
import { wordsOfCode } from '../../parts/error-note';
import { Icon } from '../../parts/icon';
import { t } from '../../texts';
import { percent } from '../../texts/numbers';

/** An analysis without a result: not yet, or never. */
export function Pending({ analysis }: { analysis: Analysis }) {
  const { result } = t();
  const { status, progress, error } = analysis;
  if (status === 'failed' || status === 'canceled') {
    return (
      <section class="card pending centre" role="alert" data-status={status}>
        <Icon name="alert" size={34} />
        <h2>{status === 'failed' ? result.failedTitle : result.canceledTitle}</h2>
        {error && (
          <p>
            {wordsOfCode(error.code, error.message)} <small class="mono">{error.code}</small>
          </p>
        )}
        <a class="button primary" href="/">
          {result.back}
        </a>
      </section>
    );
  }
  const isRunning = status === 'processing';
  return (
    <section class="card pending centre" aria-live="polite" data-status={status}>
      <Icon name="clock" size={34} />
      <h2>{isRunning ? result.processingTitle : result.queuedTitle}</h2>
      {isRunning ? (
        <progress value={progress} max={1} aria-label={percent(progress)} />
      ) : (
        <progress aria-label={result.queuedTitle} />
      )}
      <p>{isRunning ? result.processingText : result.queuedText}</p>
    </section>
  );
}
