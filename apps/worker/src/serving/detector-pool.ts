import type { BundleRef } from '@bonafide/contracts';
import type { Detector } from '@bonafide/pipeline';

/** A bundle in somebody's hand: it stays open until it is released. */
export type Lease = { detector: Detector; release: () => void };

/** Bundles in memory: each once, open as long as it is kept or in somebody's hand. */
export type DetectorPool = {
  /** Loads it where it is not in memory; what is not kept is closed when it is released. */
  take(ref: BundleRef): Promise<Lease>;
  /** Which stay open though nobody has them in hand; all others go as soon as they can. */
  keep(refs: readonly BundleRef[]): Promise<void>;
  close(): Promise<void>;
};

type Held = { opening: Promise<Detector>; users: number };

export function createDetectorPool(load: (ref: BundleRef) => Promise<Detector>): DetectorPool {
  const held = new Map<string, Held>();
  let kept = new Set<string>();
  const drop = async (digest: string) => {
    const entry = held.get(digest);
    if (!entry || entry.users > 0 || kept.has(digest)) return;
    held.delete(digest);
    await (await entry.opening.catch(() => null))?.close();
  };
  return {
    take: async (ref) => {
      const { digest } = ref;
      const entry = held.get(digest) ?? { opening: load(ref), users: 0 };
      held.set(digest, entry);
      entry.users++;
      let isReleased = false;
      const release = () => {
        if (isReleased) return;
        isReleased = true;
        entry.users--;
        void drop(digest);
      };
      try {
        return { detector: await entry.opening, release };
      } catch (error) {
        // Tried anew when asked for again: the fault may have been the store's.
        if (held.get(digest) === entry) held.delete(digest);
        throw error;
      }
    },
    keep: async (refs) => {
      kept = new Set(refs.map(({ digest }) => digest));
      await Promise.all([...held.keys()].map(drop));
    },
    close: async () => {
      kept = new Set();
      const open = [...held.values()];
      held.clear();
      await Promise.all(open.map(async ({ opening }) => (await opening.catch(() => null))?.close()));
    },
  };
}
