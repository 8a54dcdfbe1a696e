import { ProblemError } from '@bonafide/client';
import { NetworkError } from '../calls/http';
import { session } from '../calls/session';
import { t } from '../texts';
import { Icon } from './icon';

/** Codes that say little by themselves: what the service said stands beside them. */
const GENERAL = new Set<string>(['invalid_request', 'unprocessable', 'bundle_refused', 'fetch_failed']);

/** `fields`: what to do about a field that the service names. */
type Props = { error: Error; fields?: Readonly<Record<string, string>> };

/** What went wrong, in words a person can act on; the request's number is for whoever runs the service. */
export function ErrorNote({ error, fields = {} }: Props) {
  return (
    <div class="note bad" role="alert">
      <Icon name="alert" />
      <div>
        <p>{wordsOf(error)}</p>
        {error instanceof ProblemError && GENERAL.has(error.problem.code) && (
          <p class="soft">{wordsOfDetail(error.problem.detail, fields)}</p>
        )}
        {error instanceof ProblemError && (
          <small>
            {error.problem.code} · {t().errors.requestId(error.problem.request_id)}
          </small>
        )}
      </div>
    </div>
  );
}

/** A detail names each field that is at fault, as programs call it. */
function wordsOfDetail(detail: string, fields: Props['fields'] = {}): string {
  const words = detail.split('; ').map((fault) => fields[/^(\w+)[.:]/.exec(fault)?.[1] ?? ''] ?? fault);
  return [...new Set(words)].join(' ');
}

export function wordsOf(error: Error): string {
  if (error instanceof NetworkError) return t().errors.network;
  if (error instanceof ProblemError && error.problem.code === 'forbidden') return wordsOfForbidden();
  if (error instanceof ProblemError) return wordsOfCode(error.problem.code, error.problem.detail);
  return t().errors.unexpected;
}

/** With what the key may do, so that nobody looks for the fault in what was handed in. */
function wordsOfForbidden(): string {
  const { errors, keys } = t();
  const scopes = session.value?.principal?.scopes.map((scope) => keys.scopeNames[scope] ?? scope);
  return scopes ? errors.mayOnly(scopes.join(', ')) : errors.codes.forbidden;
}

/** Our own words for a code; what the service said, where we have none. */
export function wordsOfCode(code: string, detail: string): string {
  const codes: Record<string, string> = t().errors.codes;
  return codes[code] ?? detail;
}
