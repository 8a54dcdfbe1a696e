import { createHash } from 'node:crypto';
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';

/** Names what this program derives from names of its own. */
const NAMESPACE = '6f0c4d0e-6d3c-4d0b-9b1f-0d2b2f1c9a57';

/**
 * The id of what is told to one receiver about one event: the same whoever tells it and however often, and
 * in order of the event's time, as a UUIDv7 whose random part is a hash of the names.
 */
export function deliveryIdOf(at: string, names: readonly string[]): string {
  const random = createHash('sha256').update(JSON.stringify(names)).digest().subarray(0, 16);
  const seq = random.readUInt32BE(0);
  return uuidv7({ msecs: Date.parse(at), random, seq });
}

/** Stands for all the addresses that the submissions of a tenant named: their deliveries are listed there. */
export function tenantEndpointId(tenant: string): string {
  return uuidv5(`webhook_url:${tenant}`, NAMESPACE);
}
