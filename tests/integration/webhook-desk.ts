import { join } from 'node:path';
import type { CreatedEndpoint, Delivery, Endpoint, Page } from '@bonafide/contracts';
import { Webhook } from 'standardwebhooks';
import {
  ROOT,
  startReceiver,
  startClassicSystem,
  until,
  type Received,
  type Receiver,
  type StoreKind,
  type System,
} from '../system';

export const BASE = '/v1/webhook-endpoints';
export const PYTHON = join(ROOT, '.cache/venv/bin/python');

type Event = {
  type: string;
  timestamp: string;
  data: { id: string; links: { self: string }; result?: object };
};

/** A service whose webhooks go to a receiver of ours, and what tests ask of both. */
export type Desk = { system: System; receiver: Receiver; stop(): Promise<void> } & ReturnType<
  typeof questions
>;

export async function startDesk(store: StoreKind, env: Record<string, string> = {}): Promise<Desk> {
  const receiver = await startReceiver();
  const system = await startClassicSystem({
    store,
    env: {
      WEBHOOK_ALLOW_HOSTS: `127.0.0.1:${receiver.port}`,
      WEBHOOK_RETRY_SCHEDULE_S: '0,0.1,0.1,0.1',
      WEBHOOK_TIMEOUT_S: '1',
      ENDPOINTS_EVERY_S: '1',
      URL_TIMEOUT_S: '1',
      PUBLIC_URL: 'https://bonafide.example',
      ...env,
    },
  });
  const stop = async () => {
    await system.stop();
    await receiver.stop();
  };
  return { system, receiver, stop, ...questions(system, receiver) };
}

function questions(system: System, receiver: Receiver) {
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(system.url + path, {
      method,
      headers: body && { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    return (response.status === 204 ? undefined : await response.json()) as T;
  };
  const deliveriesOf = async (id: string) =>
    (await ask<Page<Delivery>>('GET', `${BASE}/${id}/deliveries`)).items;
  return {
    ask,
    deliveriesOf,
    register: (path = '/hook', more: object = {}) =>
      ask<CreatedEndpoint>('POST', BASE, { url: receiver.url + path, ...more }),
    sendTest: (id: string) => ask<Delivery>('POST', `${BASE}/${id}/test`),
    arrived: (count: number) => until(`${count} arrive`, () => receiver.received.length >= count),
    /** The newest delivery of an endpoint once nothing more is tried. */
    ended: (id: string) =>
      until('the delivery ends', async () => {
        const [delivery] = await deliveriesOf(id);
        return delivery && delivery.status !== 'pending' && delivery;
      }),
    /** As at first: no endpoint, nothing received, every request answered with 204. */
    clear: async () => {
      const { items } = await ask<Page<Endpoint>>('GET', BASE);
      for (const { id } of items) await ask('DELETE', `${BASE}/${id}`);
      receiver.received.length = 0;
      receiver.reply = () => ({ status: 204 });
    },
  };
}

export const eventOf = ({ body }: Received) => JSON.parse(body) as Event;

export function verify(secret: string, { body, headers }: Received): void {
  new Webhook(secret).verify(body, headers as Record<string, string>);
}
