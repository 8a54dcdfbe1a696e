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
