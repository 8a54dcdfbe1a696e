import type { Share } from '@bonafide/contracts';
import { useState } from 'preact/hooks';
import { CopyField } from '../../parts/copy-field';
import { Dialog } from '../../parts/dialog';
import { ErrorNote } from '../../parts/error-note';
import { call } from '../../calls/http';
import { t } from '../../texts';
import { moment } from '../../texts/numbers';

const HOUR_SEC = 3_600;
const LIFETIMES_SEC = {
  hour: HOUR_SEC,
  day: 24 * HOUR_SEC,
  week: 168 * HOUR_SEC,
  month: 720 * HOUR_SEC,
} as const;

export function ShareDialog({ analysisId, onClose }: { analysisId: string; onClose: () => void }) {
  const [share, setShare] = useState<Share | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const { share: texts } = t().result;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const body = { expires_in_sec: Number(form.get('lifetime')) };
    await call<Share>(`/v1/analyses/${analysisId}/shares`, { method: 'POST', body }).then(setShare, setError);
  };
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <p>{texts.text}</p>
      {share ? (
        <>
          <CopyField label={texts.link} value={new URL(share.path, location.href).href} />
          <p class="soft">{texts.until(moment(share.expires_at))}</p>
        </>
      ) : (
        <form class="stack" onSubmit={(event) => void submit(event)}>
          <label class="field">
            <span>{texts.expiry}</span>
            <select name="lifetime">
              {(['hour', 'day', 'week', 'month'] as const).map((name) => (
                <option key={name} value={LIFETIMES_SEC[name]} selected={name === 'week'}>
                  {texts[name]}
                </option>
              ))}
            </select>
          </label>
          {error && <ErrorNote error={error} />}
          <button type="submit" class="button primary">
            {texts.create}
          </button>
        </form>
      )}
    </Dialog>
  );
}
