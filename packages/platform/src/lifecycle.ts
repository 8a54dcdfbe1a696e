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

/** Of a process that was given what it can never use (EX_CONFIG of sysexits.h): starting it again is of no use. */
export const EXIT_UNUSABLE = 78;

/**
 * Runs a process's main paragraph; a start that fails is told in words, without a stack, and ends with 1, or with
 * EXIT_UNUSABLE where `isLasting` says that it would fail again.
 */
export function runMain(
  main: () => Promise<void>,
  isLasting: (error: unknown) => boolean = () => false,
): void {
  main().catch((error: unknown) => {
    process.stderr.write(`${scrubbed(error instanceof Error ? error.message : String(error))}\n`);
    process.exit(isLasting(error) ? EXIT_UNUSABLE : 1);
  });
}
