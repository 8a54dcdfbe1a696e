import { type CreatedKey, type Scope } from '@bonafide/contracts';
import { useState } from 'preact/hooks';
import { ErrorNote } from '../parts/error-note';
import { call } from '../calls/http';
import { session } from '../calls/session';
import { t } from '../texts';

const SCOPES: readonly Scope[] = ['submit', 'read', 'admin'];
const LIFETIMES_DAYS = [30, 90, 365];

export function KeyForm({ onMade }: { onMade: (key: CreatedKey) => void }) {
  const [error, setError] = useState<Error | null>(null);
  const { keys } = t();
  const isFirst = session.value?.authentication === 'keyless';
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const expires = form.get('expires');
    const body = { name: form.get('name'), scopes: form.getAll('scope'), ...(expires && { expires }) };
    await call<CreatedKey>('/v1/keys', { method: 'POST', body }).then(onMade, setError);
  };
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      {isFirst && <p class="note warn">{keys.firstText}</p>}
      <label class="field">
        <span>{keys.name}</span>
        <input name="name" required maxLength={100} />
      </label>
      <fieldset class="field">
        <legend>{keys.scopes}</legend>
        {SCOPES.map((scope) => (
          <label key={scope} class="check">
            <input type="checkbox" name="scope" value={scope} defaultChecked={isFirst || scope !== 'admin'} />
            {keys.scopeNames[scope]}
          </label>
        ))}
      </fieldset>
      <label class="field">
        <span>{keys.expires}</span>
        <select name="expires">
          <option value="">{keys.never}</option>
          {LIFETIMES_DAYS.map((days) => (
            <option key={days} value={`${days}d`}>
              {keys.days(days)}
            </option>
          ))}
        </select>
      </label>
      {error && <ErrorNote error={error} fields={keys.refused} />}
      <button type="submit" class="button primary">
        {keys.add}
      </button>
    </form>
  );
}
