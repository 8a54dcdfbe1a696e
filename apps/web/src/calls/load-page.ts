import { pause } from './follow';
import { isOnline } from './http';

const TRY_AGAIN_MS = 2_000;
const RELOADED_AT = 'bonafide-reloaded';
const RELOAD_AGAIN_MS = 60_000;

/**
 * The code of a page, waited for while the network is away. A service that answers but no longer has it was
 * given newer pages meanwhile: those are fetched, once.
 */
export async function loadPage<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch (error) {
      isOnline.value = await answers();
      if (isOnline.value && !reload()) throw error;
      await pause(TRY_AGAIN_MS, new AbortController().signal);
    }
  }
}

const answers = () =>
  fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
    () => true,
    () => false,
  );

/** @returns whether the page is being read anew; not twice in a minute */
function reload(): boolean {
  const lastMs = Number(sessionStorage.getItem(RELOADED_AT) ?? 0);
  if (Date.now() - lastMs < RELOAD_AGAIN_MS) return false;
  sessionStorage.setItem(RELOADED_AT, String(Date.now()));
  location.reload();
  return true;
}
