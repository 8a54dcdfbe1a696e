import { ProblemError } from '@bonafide/client';
import { t } from '../texts';
import { ErrorNote } from './error-note';
import { useTitle } from './use-title';

/** Instead of a page that cannot be shown. */
export function ErrorPage({ error }: { error: Error }) {
  const { errors } = t();
  const isForbidden = error instanceof ProblemError && error.problem.code === 'forbidden';
  const title = isForbidden ? errors.forbiddenTitle : errors.title;
  useTitle(title);
  return (
    <div class="page narrow">
      <h1>{title}</h1>
      <ErrorNote error={error} />
    </div>
  );
}
