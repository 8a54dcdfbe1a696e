import pino, { type Logger } from 'pino';
import type { LogLevel } from './config';
import { scrubbed } from './logger-scrub';

export type { Logger };

/** JSON lines on standard output. What could be a secret is never written, by name or by what it looks like. */
export function createLogger(name: string, level: LogLevel): Logger {
  return pino(
    {
      name,
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['*.authorization', '*.cookie', '*.secret', '*.password', '*.token', '*.secretAccessKey'],
    },
    { write: (line) => void process.stdout.write(scrubbed(line)) },
  );
}
