import { signal, type Signal } from '@preact/signals';

/** What player, timeline and stretches share: where we are, and how to go somewhere else. */
export type Playback = {
  timeSec: Signal<number>;
  isPlaying: Signal<boolean>;
  /** Set by the player once it has something to play. */
  seek: (sec: number) => void;
  toggle: () => void;
};

export function createPlayback(): Playback {
  const timeSec = signal(0);
  const isPlaying = signal(false);
  return { timeSec, isPlaying, seek: (sec) => (timeSec.value = sec), toggle: () => {} };
}
