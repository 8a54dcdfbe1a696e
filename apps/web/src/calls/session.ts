import { isAllowed, type Scope, type Session } from '@bonafide/contracts';
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

/** Whether nothing but the way in can be shown. */
export const mustSignIn = () =>
  isKeyNeeded.value || ['needed', 'ended'].includes(session.value?.authentication ?? '');

/** Whether somebody was let in here, and is no longer. */
export const hasSessionEnded = () =>
  session.value?.authentication === 'ended' ||
  (isKeyNeeded.value && session.value?.authentication === 'signed_in');

/**
 * Whether it is worth offering; the service has the last word. Until it is known who asks, what most may do is
 * offered, so that it does not come in late.
 */
export function may(scope: Scope): boolean {
  if (!session.value) return scope !== 'admin';
  const { authentication, principal } = session.value;
  return authentication === 'keyless' || (principal !== null && isAllowed(principal, scope));
}
