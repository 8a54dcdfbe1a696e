import type { BundleRef } from '@bonafide/contracts';

/** So long a bundle stays that was asked for by name, or checked: it is likely to be asked for again. */
export const KEPT_ASKED_MS = 60_000;
/** So long the one stays that answered before: most changes that are taken back are taken back soon, and in a hurry. */
export const KEPT_REPLACED_MS = 600_000;

/** One bundle beside those that serve. */
export type Spare = {
  get(): BundleRef | null;
  /** `onGone` is called when nobody has set it anew for a while. */
  set(ref: BundleRef, keptMs: number, onGone: () => void): void;
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
    set: (ref, keptMs, onGone) => {
      clear();
      spare = ref;
      timer = setTimeout(() => {
        spare = null;
        onGone();
      }, keptMs);
      timer.unref();
    },
    clear,
  };
}
