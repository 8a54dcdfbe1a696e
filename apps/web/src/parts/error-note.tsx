import { ProblemError } from '@bonafide/client';
import { NetworkError } from '../calls/http';
import { t } from '../texts';
import { Icon } from './icon';

/** What went wrong, in words a person can act on; the request's number is for whoever runs the service. */
export function ErrorNote({ error }: { error: Error }) {
  return (
    <div class="note bad" role="alert">
      <Icon name="alert" />
      <div>
        <p>{wordsOf(error)}</p>
        {error instanceof ProblemError && (
          <small>
            {error.problem.code} · {t().errors.requestId(error.problem.request_id)}
          </small>
        )}
      </div>
    </div>
  );
}

export function wordsOf(error: Error): string {
  if (error instanceof NetworkError) return t().errors.network;
  if (error instanceof ProblemError) return wordsOfCode(error.problem.code, error.problem.detail);
  return t().errors.unexpected;
}

/** Our own words for a code; what the service said, where we have none. */
export const wordsOfCode = (code: string, detail: string): string => t().errors.codes[code] ?? detail;
