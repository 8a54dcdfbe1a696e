import type { BundleRef } from '@bonafide/contracts';

/** So long a bundle stays that was asked for by name, or checked: it is likely to be asked for again. */
const KEPT_ASKED_MS = 60_000;
/** So long the one stays that answered before: most changes that are taken back are taken back soon, and in a hurry. */
const KEPT_REPLACED_MS = 600_000;

/** Two bundles beside those that serve, each for a while. */
export type Spares = {
  replaced(ref: BundleRef): void;
  asked(ref: BundleRef): void;
  refs(): readonly BundleRef[];
  clear(): void;
};

/** `onGone` is called when one is kept no longer. */
export function createSpares(onGone: () => void): Spares {
  const [replaced, asked] = [createSpare(KEPT_REPLACED_MS, onGone), createSpare(KEPT_ASKED_MS, onGone)];
  return {
    replaced: replaced.set,
    asked: asked.set,
    refs: () => [replaced.get(), asked.get()].filter((ref) => ref !== null),
    clear: () => {
      replaced.clear();
      asked.clear();
    },
  };
}

/** From when it was set last. */
function createSpare(keptMs: number, onGone: () => void) {
  let spare: BundleRef | null = null;
  let timer: NodeJS.Timeout | undefined;
  const clear = () => {
    clearTimeout(timer);
    spare = null;
  };
  return {
    get: () => spare,
    set: (ref: BundleRef) => {
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
