import type { Analysis, Feedback as Said, FeedbackLabel, Page } from '@bonafide/contracts';
import { useEffect, useState } from 'preact/hooks';
import { call } from '../../calls/http';
import { may } from '../../calls/session';
import { ErrorNote } from '../../parts/error-note';
import { t } from '../../texts';
import { moment } from '../../texts/numbers';

const LABELS: readonly FeedbackLabel[] = ['real', 'fake', 'unsure'];

/** What people know about the recording: to be said, seen and taken back. */
export function Feedback({ analysis }: { analysis: Analysis }) {
  const path = `/v1/analyses/${analysis.id}/feedback`;
  const [said, setSaid] = useState<readonly Said[]>([]);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    void call<Page<Said>>(path).then(({ items }) => setSaid(items), setError);
  }, [path]);
  const replace = (one: Said) => setSaid((all) => [...all.filter(({ id }) => id !== one.id), one]);
  const { feedback } = t().result;
  if (!may('submit') && said.length === 0) return null;
  return (
    <section class="card feedback" aria-labelledby="feedback-title">
      <h2 id="feedback-title">{feedback.title}</h2>
      <p class="soft">{feedback.text}</p>
      {said.length > 0 && (
        <ul aria-label={feedback.said}>
          {said.map((one) => (
            <SaidLine key={one.id} said={one} path={path} onChange={replace} onError={setError} />
          ))}
        </ul>
      )}
      {may('submit') && <FeedbackForm path={path} onSaid={replace} onError={setError} />}
      {error && <ErrorNote error={error} />}
    </section>
  );
}

type LineProps = { said: Said; path: string; onChange(said: Said): void; onError(error: Error): void };

function SaidLine({ said, path, onChange, onError }: LineProps) {
  const { feedback } = t().result;
  const takeBack = () => call<Said>(`${path}/${said.id}`, { method: 'DELETE' }).then(onChange, onError);
  return (
    <li class="row spread">
      <span>
        {feedback.labels[said.label]} · {moment(said.created_at)}
        {said.kept_until !== null && <> · {feedback.kept(moment(said.kept_until))}</>}
        {said.note && <q>{said.note}</q>}
      </span>
      {said.revoked_at !== null && <span class="soft">{feedback.takenBack(moment(said.revoked_at))}</span>}
      {said.revoked_at === null && may('submit') && (
        <button type="button" class="button" onClick={() => void takeBack()}>
          {feedback.takeBack}
        </button>
      )}
    </li>
  );
}

type FormProps = { path: string; onSaid(said: Said): void; onError(error: Error | null): void };

function FeedbackForm({ path, onSaid, onError }: FormProps) {
  const { feedback } = t().result;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    const note = String(fields.get('note') ?? '').trim();
    const body = {
      ...{ label: fields.get('label'), source: 'web', consent: fields.has('consent') },
      ...(note !== '' && { note }),
    };
    onError(null);
    await call<Said>(path, { method: 'POST', body }).then((one) => {
      onSaid(one);
      form.reset();
    }, onError);
  };
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <fieldset class="field">
        <legend>{feedback.question}</legend>
        {LABELS.map((label) => (
          <label key={label} class="check">
            <input type="radio" name="label" value={label} required />
            {feedback.labels[label]}
          </label>
        ))}
      </fieldset>
      <label class="field">
        <span>{feedback.note}</span>
        <textarea name="note" rows={2} maxLength={2000} />
        <small>{feedback.noteHint}</small>
      </label>
      <label class="check">
        <input type="checkbox" name="consent" />
        <span>{feedback.consent}</span>
      </label>
      <button type="submit" class="button primary">
        {feedback.send}
      </button>
    </form>
  );
}
