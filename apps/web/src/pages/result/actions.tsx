import type { Analysis } from '@bonafide/contracts';
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { ErrorNote } from '../../parts/error-note';
import { Icon } from '../../parts/icon';
import { isOver } from '../../calls/follow';
import { call } from '../../calls/http';
import { may } from '../../calls/session';
import { saveJson } from '../../calls/save';
import { t } from '../../texts';
import { ShareDialog } from './share-dialog';

export function Actions({ analysis }: { analysis: Analysis }) {
  const { route } = useLocation();
  const [isSharing, setSharing] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const { actions, removeSure } = t().result;
  const path = `/v1/analyses/${analysis.id}`;
  const remove = async () => {
    if (!confirm(removeSure)) return;
    setError(null);
    await call(path, { method: 'DELETE' }).then(() => route('/history'), setError);
  };
  const cancel = () => {
    setError(null);
    void call(`${path}/cancel`, { method: 'POST', body: {} }).catch(setError);
  };
  if (!isOver(analysis)) {
    return (
      <div class="actions">
        {may('submit') && (
          <button type="button" class="button" onClick={cancel}>
            {actions.cancel}
          </button>
        )}
        {error && <ErrorNote error={error} />}
      </div>
    );
  }
  return (
    <div class="actions">
      {analysis.result && (
        <>
          {may('submit') && (
            <button type="button" class="button" onClick={() => setSharing(true)}>
              <Icon name="share" /> {actions.share}
            </button>
          )}
          <JsonButton analysis={analysis} />
          <PrintButton />
        </>
      )}
      {may('submit') && (
        <button type="button" class="button" onClick={() => void remove()}>
          <Icon name="trash" /> {actions.remove}
        </button>
      )}
      {error && <ErrorNote error={error} />}
      {isSharing && <ShareDialog analysisId={analysis.id} onClose={() => setSharing(false)} />}
    </div>
  );
}

export function JsonButton({ analysis }: { analysis: Analysis }) {
  const { actions } = t().result;
  return (
    <button
      type="button"
      class="button"
      aria-label={actions.jsonLabel}
      onClick={() => saveJson(`${analysis.filename}.json`, analysis)}
    >
      <Icon name="download" /> {actions.json}
    </button>
  );
}

export function PrintButton() {
  return (
    <button type="button" class="button" onClick={() => window.print()}>
      <Icon name="print" /> {t().result.actions.print}
    </button>
  );
}
