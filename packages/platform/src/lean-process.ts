import { setFlagsFromString } from 'node:v8';

/**
 * How a process that analyses is started, for its memory to stay flat over hours of sound. Its garbage is samples,
 * which lie outside the heap: it is collected often; and what has been let go goes back to the system, from blocks
 * of 64 KiB on at once (what a pipe or a file is read by: in the C library's heap they leave holes of 50 MiB; without
 * meaning for other systems).
 */
export const LEAN_PROCESS = {
  execArgv: ['--max-semi-space-size=4'],
  env: { MALLOC_TRIM_THRESHOLD_: String(128 * 1024), MALLOC_MMAP_THRESHOLD_: String(64 * 1024) },
} as const;

/** How far the heap may grow between two collections of all of it, as a share of what was left by the last one. */
const GROWTH_PERCENT = 100;

/**
 * For a process that analyses to call as it starts, as NODE_OPTIONS takes no such setting. Samples live for
 * milliseconds and the quick collections let go of them, but until then V8 counts them as growth: with its own limit of
 * some 12 MB it would look through the whole heap at every fourth clip, for a tenth of all processor time.
 */
export function collectSeldom(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
