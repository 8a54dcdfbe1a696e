import { CodedError } from '@bonafide/contracts';
import { createOutbound, OutboundError, type Outbound } from '@bonafide/platform';
import type { ApiContext } from './context';

/** Calls to addresses that callers name. @throws Error for an allow-list that cannot be read */
export function outboundOf({ config }: Pick<ApiContext, 'config'>): Outbound {
  return createOutbound(config.webhooks.allowHosts);
}

/** Refuses what would never be called, as far as the address itself tells. @throws CodedError `unprocessable` */
export function assertCallable(context: Pick<ApiContext, 'config'>, field: string, url: string): void {
  try {
    outboundOf(context).assertCallable(url);
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    throw new CodedError('unprocessable', `${field}: ${error.message}`, { cause: error });
  }
}
