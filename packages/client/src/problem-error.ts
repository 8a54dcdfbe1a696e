import { problemSchema, type Problem } from '@bonafide/contracts';

/** The service refused, and said why. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(
    readonly problem: Problem,
    readonly retryAfterSec: number | null,
  ) {
    super(`${problem.code}: ${problem.detail}`);
  }
}

/** Something answered that does not speak as the service does: a proxy, another program. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
}

/** What a refusal says. */
export async function errorOf(response: Response): Promise<Error> {
  const parsed = problemSchema.safeParse(await response.json().catch(() => null));
  if (!parsed.success) return new UnexpectedAnswerError(`${response.url} answered ${response.status}`);
  return new ProblemError(parsed.data, retryAfterSecOf(response));
}

/** Seconds; null where the header is absent or a date. */
export function retryAfterSecOf(response: Response): number | null {
  const value = Number(response.headers.get('retry-after') ?? NaN);
  return Number.isFinite(value) ? value : null;
}
