/**
 * How a process that analyses is started, for its memory to stay flat over hours of sound. Its garbage is samples,
 * which lie outside the heap: it is collected often; and what the models leave behind when they are loaded goes back
 * to the system (a threshold of its own keeps the C library from raising it; without meaning for other systems).
 */
export const LEAN_PROCESS = {
  execArgv: ['--max-semi-space-size=4'],
  env: { MALLOC_TRIM_THRESHOLD_: String(128 * 1024) },
} as const;
