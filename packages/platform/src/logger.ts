import pino, { type Logger } from 'pino';
import type { LogLevel } from './config';

export type { Logger };

/** JSON lines on standard output. What could be a secret is never written. */
export function createLogger(name: string, level: LogLevel): Logger {
  return pino({
    name,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: [
      '*.authorization',
      '*.cookie',
      '*.secret',
      '*.password',
      'headers.authorization',
      'headers.cookie',
    ],
  });
}
