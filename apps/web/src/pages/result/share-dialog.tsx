import type { CreatedShare, Page, Share } from '@bonafide/contracts';
import { useEffect, useRef, useState } from 'preact/hooks';
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

async function everyShare(path: string): Promise<Share[]> {
  const all: Share[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Share> = await call(`${path}?limit=200${cursor === null ? '' : `&cursor=${cursor}`}`);
    all.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return all;
}

/** Makes a link, shows those that there are, and takes them back. */
export function ShareDialog({ analysisId, onClose }: { analysisId: string; onClose: () => void }) {
  const path = `/v1/analyses/${analysisId}/shares`;
  const [made, setMade] = useState<CreatedShare | null>(null);
  const [shares, setShares] = useState<readonly Share[]>([]);
  const [error, setError] = useState<Error | null>(null);
  const { share: texts } = t().result;
  useEffect(() => {
    // Those that were made while the list was on its way stand before it.
    const show = (read: Share[]) =>
      setShares((all) => [...all.filter(({ id }) => !read.some((one) => one.id === id)), ...read.reverse()]);
    void everyShare(path).then(show, setError);
  }, [path]);
  const add = (share: CreatedShare) => {
    setMade(share);
    setShares((all) => [share, ...all]);
  };
  const end = (ended: Share) => {
    setMade((one) => (one?.id === ended.id ? null : one));
    setShares((all) => all.map((one) => (one.id === ended.id ? ended : one)));
  };
  const act = (work: Promise<void>) => {
    setError(null);
    void work.catch(setError);
  };
  const create = (lifetimeSec: number) =>
    act(call<CreatedShare>(path, { method: 'POST', body: { expires_in_sec: lifetimeSec } }).then(add));
  const revoke = ({ id }: Share) => act(call<Share>(`${path}/${id}`, { method: 'DELETE' }).then(end));
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <p>{texts.text}</p>
      {made ? (
        <div class="stack">
          <CopyField label={texts.link} value={new URL(made.path, location.href).href} />
          <p class="soft">{texts.until(moment(made.expires_at))}</p>
        </div>
      ) : (
        <ShareForm onWish={create} />
      )}
      {error && <ErrorNote error={error} />}
      {shares.length > 0 && <ShareList shares={shares} onRevoke={revoke} />}
    </Dialog>
  );
}

function ShareForm({ onWish }: { onWish: (lifetimeSec: number) => void }) {
  const { share: texts } = t().result;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    onWish(Number(form.get('lifetime')));
  };
  return (
    <form class="stack" onSubmit={submit}>
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
      <button type="submit" class="button primary">
        {texts.create}
      </button>
    </form>
  );
}

type ListProps = { shares: readonly Share[]; onRevoke: (share: Share) => void };

function ShareList({ shares, onRevoke }: ListProps) {
  const title = useRef<HTMLHeadingElement>(null);
  const { share: texts } = t().result;
  const revoke = (share: Share) => {
    // Its button goes, and the keyboard must not go with it.
    title.current?.focus();
    onRevoke(share);
  };
  return (
    <section class="shares" aria-labelledby="shares-title">
      <h3 id="shares-title" ref={title} tabIndex={-1}>
        {texts.made}
      </h3>
      <ul>
        {shares.map((share) => (
          <li key={share.id} class="row spread">
            <span>
              {texts.madeAt(moment(share.created_at))}
              <small>{stateOf(share)}</small>
            </span>
            {isOpen(share) && (
              <button
                type="button"
                class="button"
                aria-label={texts.takeBackLabel(moment(share.created_at))}
                onClick={() => revoke(share)}
              >
                {texts.takeBack}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const isOver = ({ expires_at }: Share) => Date.parse(expires_at) <= Date.now();
const isOpen = (share: Share) => share.revoked_at === null && !isOver(share);

function stateOf(share: Share): string {
  const { share: texts } = t().result;
  if (share.revoked_at !== null) return texts.takenBack(moment(share.revoked_at));
  return isOver(share) ? texts.expired(moment(share.expires_at)) : texts.valid(moment(share.expires_at));
}
