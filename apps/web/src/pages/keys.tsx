import type { CreatedKey, Key } from '@bonafide/contracts';
import { useState } from 'preact/hooks';
import { CopyField } from '../parts/copy-field';
import { Dialog } from '../parts/dialog';
import { ErrorNote } from '../parts/error-note';
import { Icon } from '../parts/icon';
import { ListCard } from '../parts/list-card';
import { PageHead } from '../parts/page-head';
import { usePaged } from '../parts/use-paged';
import { call } from '../calls/http';
import { may } from '../calls/session';
import { t } from '../texts';
import { moment } from '../texts/numbers';
import { KeyForm } from './key-form';

/** Keys of one's own tenant; for those who may administer. */
export function Keys() {
  const list = usePaged<Key>('/v1/keys');
  const [isAdding, setAdding] = useState(false);
  const [made, setMade] = useState<CreatedKey | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const { keys } = t();
  const revoke = async ({ id, name }: Key) => {
    if (!confirm(keys.revokeSure(name))) return;
    await call(`/v1/keys/${id}`, { method: 'DELETE' }).catch(setError);
    list.reload();
  };
  const onMade = (key: CreatedKey) => {
    setAdding(false);
    setMade(key);
    list.reload();
  };
  const fault = error ?? list.error;
  return (
    <div class="page">
      <PageHead title={keys.title} lead={keys.lead}>
        {may('admin') && (
          <button type="button" class="button primary" onClick={() => setAdding(true)}>
            {keys.add}
          </button>
        )}
      </PageHead>
      {fault && <ErrorNote error={fault} />}
      <ListCard list={list} empty={keys.empty}>
        <KeyTable rows={list.items} onRevoke={(key) => void revoke(key)} />
      </ListCard>
      {isAdding && (
        <Dialog title={keys.add} onClose={() => setAdding(false)}>
          <KeyForm onMade={onMade} />
        </Dialog>
      )}
      {made && (
        <Dialog title={keys.madeTitle} onClose={() => setMade(null)}>
          <p>{keys.madeText}</p>
          <CopyField label={made.name} value={made.key} />
        </Dialog>
      )}
    </div>
  );
}

function KeyTable({ rows, onRevoke }: { rows: readonly Key[]; onRevoke: (key: Key) => void }) {
  const { keys, shell } = t();
  return (
    <table class="stacked">
      <thead>
        <tr>
          <th scope="col">{keys.name}</th>
          <th scope="col">{keys.prefix}</th>
          <th scope="col">{keys.scopes}</th>
          <th scope="col">{keys.lastUsed}</th>
          <th scope="col">{keys.expires}</th>
          <th scope="col">
            <span class="visually-hidden">{keys.revoke}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((key) => (
          <tr key={key.id}>
            <td class="break">{key.name}</td>
            <td class="mono">bf_{key.prefix}_…</td>
            <td>{key.scopes.map((scope) => keys.scopeNames[scope] ?? scope).join(', ')}</td>
            <td class="soft" data-label={keys.lastUsed}>
              {key.last_used_at ? moment(key.last_used_at) : shell.none}
            </td>
            <td class="soft" data-label={keys.expires}>
              {key.expires_at ? moment(key.expires_at) : keys.never}
            </td>
            <td class="number">
              {key.revoked_at ? (
                <span class="state bad">{keys.revoked}</span>
              ) : (
                <button type="button" class="quiet" onClick={() => onRevoke(key)}>
                  <Icon name="cross" size={16} /> {keys.revoke}
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
