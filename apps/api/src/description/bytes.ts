import { z } from 'zod';

/** A file in a form. */
export function binary(description: string) {
  return z.unknown().meta({ description, override: { type: 'string', format: 'binary', minLength: 1 } });
}
