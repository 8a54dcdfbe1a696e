import pino, { type Logger } from 'pino';
import type { LogLevel } from './config';
import { scrubbed } from './logger-scrub';

export type { Logger };

/** JSON lines on standard output. What could be a secret is never written, by name or by what it looks like. */
export function createLogger(name: string, level: LogLevel): Logger {
  [process.stdout, process.stderr].forEach(outlast);
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

/** A line that cannot be written, as on a full disk, is lost; the process that would have written it is not. */
function outlast(stream: NodeJS.WriteStream): void {
  if (stream.listenerCount('error') === 0) stream.on('error', () => undefined);
}
