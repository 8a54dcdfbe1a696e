import type { BundleRef } from '@bonafide/contracts';

/** So long a bundle stays that was asked for by name, or checked: it is likely to be asked for again. */
const KEPT_MS = 60_000;

/** One bundle beside those that serve. */
export type Spare = {
  get(): BundleRef | null;
  /** `onGone` is called when nobody has set it anew for a while. */
  set(ref: BundleRef, onGone: () => void): void;
  clear(): void;
};

export function createSpare(): Spare {
  let spare: BundleRef | null = null;
  let timer: NodeJS.Timeout | undefined;
  const clear = () => {
    clearTimeout(timer);
    spare = null;
  };
  return {
    get: () => spare,
    set: (ref, onGone) => {
      clear();
      spare = ref;
      timer = setTimeout(() => {
        spare = null;
        onGone();
      }, KEPT_MS);
      timer.unref();
    },
    clear,
  };
}
