import { signal, type Signal } from '@preact/signals';

/** What player, timeline and stretches share: where we are, and how to go somewhere else. */
export type Playback = {
  timeSec: Signal<number>;
  isPlaying: Signal<boolean>;
  /** Set by the player once it has something to play. */
  seek: (sec: number) => void;
  /** Goes there and is heard from there on. */
  playFrom: (sec: number) => void;
  toggle: () => void;
};

export function createPlayback(): Playback {
  const timeSec = signal(0);
  const isPlaying = signal(false);
  const seek = (sec: number) => void (timeSec.value = sec);
  return { timeSec, isPlaying, seek, playFrom: seek, toggle: () => {} };
}
