import type { Session } from '@bonafide/contracts';
import { signal } from '@preact/signals';
import { call, isKeyNeeded } from './http';

export const session = signal<Session | null>(null);
/** Until then it is not known what may be shown. */
export const isSessionRead = signal(false);

/** Asks who we are. Where the service does not say, it asks for no key. */
export async function readSession(): Promise<void> {
  session.value = await call<Session>('/session').catch(() => session.value);
  isSessionRead.value = true;
  if (session.value?.authentication === 'signed_in') isKeyNeeded.value = false;
}

/** Shows the key once; from then on a cookie that no script can read stands for it. */
export async function signIn(key: string): Promise<void> {
  await call('/session', { method: 'POST', body: { key } });
  await readSession();
}

export async function signOut(): Promise<void> {
  await call('/session', { method: 'DELETE' });
  await readSession();
}

/** Whether pages for administrators are worth showing. */
export const isAdmin = () =>
  session.value?.authentication === 'keyless' ||
  (session.value?.principal?.scopes.includes('admin') ?? false);
