import { CodedError } from '@bonafide/contracts';

/** How Redis refuses what it cannot do at present; in a script its words stand behind others. */
const REFUSED =
  /(^|[:-] ?)(MISCONF|OOM|READONLY|LOADING|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|TRYAGAIN|UNBLOCKED)\b/;
/** What the client says of a connection that broke, or that nobody answers on. */
const AWAY =
  /^(Command timed out|Command aborted due to connection close|Connection is closed|Socket timeout|Stream isn't writeable|Cluster isn't ready|Failed to refresh slots cache|All sentinels are unreachable)/;
/** Its append-only file lies on a disk that is full. */
const FULL = /No space left on device|Disk quota exceeded/;

/** Gives faults of Redis itself their code; everything else, also what we asked wrongly, is passed on. */
export function redisFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof CodedError) return error;
  const { name, message, previousErrors = [] } = error as Error & { previousErrors?: Error[] };
  // A transaction that is given up says no more than that; its commands say why.
  const said = [message, ...previousErrors.map((each) => each.message)];
  if (said.some((each) => REFUSED.test(each) && FULL.test(each))) {
    return new CodedError('storage_full', 'The queue has no room to write', { cause: error });
  }
  const isAway =
    name === 'MaxRetriesPerRequestError' || said.some((each) => REFUSED.test(each) || AWAY.test(each));
  return isAway ? new CodedError('unavailable', 'The queue cannot be reached', { cause: error }) : error;
}
