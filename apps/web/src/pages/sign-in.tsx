import { useState } from 'preact/hooks';
import { ErrorNote } from '../parts/error-note';
import { useTitle } from '../parts/use-title';
import { hasSessionEnded, signIn } from '../calls/session';
import { t } from '../texts';

export function SignIn() {
  const [error, setError] = useState<Error | null>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const key = new FormData(event.currentTarget as HTMLFormElement).get('key');
    await signIn(String(key).trim()).then(() => setError(null), setError);
  };
  const { signIn: texts } = t();
  useTitle(texts.title);
  return (
    <section class="page narrow">
      <h1>{texts.title}</h1>
      {hasSessionEnded() && !error && (
        <p class="note warn" role="alert">
          {texts.ended}
        </p>
      )}
      <p>{texts.text}</p>
      <form class="card stack" onSubmit={(event) => void submit(event)}>
        <label class="field">
          <span>{texts.key}</span>
          <input name="key" type="password" autocomplete="current-password" required spellcheck={false} />
          <small>{texts.hint}</small>
        </label>
        {error && <ErrorNote error={error} />}
        <button type="submit" class="button primary">
          {texts.submit}
        </button>
      </form>
    </section>
  );
}
