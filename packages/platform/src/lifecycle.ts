import type { Logger } from './logger';
import { scrubbed } from './logger-scrub';

/** Beyond the grace time of what is running: then something hangs, and the process ends as it is. */
const HANG_SEC = 10;

/**
 * Calls `stop` once on SIGTERM or SIGINT, or when the launcher that holds the other end of our IPC channel
 * is gone, and ends the process after it.
 */
export function stopOnSignal(stop: () => Promise<void>, options: { graceSec: number; log: Logger }): void {
  const { graceSec, log } = options;
  let isStopping = false;
  const begin = (reason: string) => {
    if (isStopping) return;
    isStopping = true;
    log.info({ reason }, 'stopping');
    setTimeout(() => process.exit(1), (graceSec + HANG_SEC) * 1000).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => begin('SIGTERM'));
  process.on('SIGINT', () => begin('SIGINT'));
  process.on('disconnect', () => begin('the launcher is gone'));
}

/** Runs a process's main paragraph; a start that fails is told in words, without a stack, and ends with 1. */
export function runMain(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    process.stderr.write(`${scrubbed(error instanceof Error ? error.message : String(error))}\n`);
    process.exit(1);
  });
}
