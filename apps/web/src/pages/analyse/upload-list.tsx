import type { Analysis, Batch } from '@bonafide/contracts';
import { wordsOf, wordsOfCode } from '../../parts/error-note';
import { Icon } from '../../parts/icon';
import { VerdictTag } from '../../parts/verdict-tag';
import { t } from '../../texts';
import { bytes, percent } from '../../texts/numbers';
import { dismiss, dismissFinished, isFinished, retry, type Entry } from './intake';

export function UploadList({ entries }: { entries: readonly Entry[] }) {
  const { analyse } = t();
  return (
    <section class="uploads card" aria-labelledby="uploads-title">
      <header class="row spread">
        <h2 id="uploads-title">{analyse.uploads}</h2>
        {entries.some(isFinished) && (
          <button type="button" class="quiet" onClick={dismissFinished}>
            {analyse.clear}
          </button>
        )}
      </header>
      <ul>
        {entries.map((entry) => (
          <Row key={entry.key} entry={entry} />
        ))}
      </ul>
      {entries.some(({ stage }) => stage === 'handed_in') && (
        <p class="note good" role="status">
          <Icon name="check" />
          {analyse.handedIn}
        </p>
      )}
    </section>
  );
}

function Row({ entry }: { entry: Entry }) {
  const { analyse } = t();
  const { path, filename } = entry;
  return (
    <li class="upload" data-stage={entry.stage} data-status={(entry.analysis ?? entry.batch)?.status}>
      <Icon name={entry.kind === 'archive' ? 'archive' : 'file'} />
      <span class="upload-name">
        {path ? (
          <a href={path} aria-label={analyse.open(filename)}>
            <bdi>{filename}</bdi>
          </a>
        ) : (
          <bdi>{filename}</bdi>
        )}
        {entry.bytes > 0 && <small>{bytes(entry.bytes)}</small>}
      </span>
      <State entry={entry} />
      <button
        type="button"
        class="icon-button"
        aria-label={analyse.removeOne(filename)}
        onClick={() => dismiss(entry.key)}
      >
        <Icon name="cross" size={16} />
      </button>
    </li>
  );
}

function State({ entry }: { entry: Entry }) {
  const { states, archive } = t().analyse;
  const { stage, analysis, batch, error, sent } = entry;
  if (stage === 'refused') return <Refused entry={entry} words={error ? wordsOf(error) : states.failed} />;
  if (stage === 'handed_in') return <span class="state">{states.handedIn}</span>;
  if (stage === 'waiting') return <span class="state">{states.waiting}</span>;
  if (stage === 'retrying') return <span class="state">{states.retrying}</span>;
  if (stage === 'uploading') return <Progress value={sent} words={states.uploading(percent(sent))} />;
  if (batch) return <BatchState batch={batch} />;
  if (!analysis) return <span class="state">{archive}</span>;
  return <AnalysisState analysis={analysis} />;
}

function Refused({ entry: { key, canRetry }, words }: { entry: Entry; words: string }) {
  return (
    <span class="state bad">
      {words}{' '}
      {canRetry && (
        <button type="button" class="link" onClick={() => retry(key)}>
          {t().shell.retry}
        </button>
      )}
    </span>
  );
}

function BatchState({ batch: { status, progress, error } }: { batch: Batch }) {
  if (error) return <span class="state bad">{wordsOfCode(error.code, error.message)}</span>;
  const { analyse, status: words } = t();
  if (status === 'processing') {
    return <Progress value={progress} words={analyse.states.processing(percent(progress))} />;
  }
  return <span class="state">{words[status]}</span>;
}

export function AnalysisState({ analysis }: { analysis: Analysis }) {
  const { states } = t().analyse;
  const { status, progress, result, error } = analysis;
  if (status === 'succeeded' && result) return <VerdictTag report={result} />;
  if (status === 'processing')
    return <Progress value={progress} words={states.processing(percent(progress))} />;
  if (status === 'failed') {
    return <span class="state bad">{error ? wordsOfCode(error.code, error.message) : states.failed}</span>;
  }
  return <span class="state">{states[status]}</span>;
}

function Progress({ value, words }: { value: number; words: string }) {
  return (
    <span class="state progress">
      <progress value={value} max={1} aria-label={words} />
      <span>{words}</span>
    </span>
  );
}
