import { z } from 'zod';

const UNIT_SEC = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const;
const DURATION = /^(\d{1,6})([smhdw])$/;

/** A number and its unit: `45s`, `30m`, `12h`, `90d`, `4w`. */
export const durationSchema = z
  .string()
  .regex(DURATION, { error: 'is a number with s, m, h, d or w behind it, such as 12h or 30d' });

/** Seconds of a duration. @throws Error for a text that is none */
export function durationSec(text: string): number {
  const [, count, unit] = DURATION.exec(text) ?? [];
  if (count === undefined) throw new Error(`not a duration: ${text}`);
  return Number(count) * UNIT_SEC[unit as keyof typeof UNIT_SEC];
}

/** How long a recording is kept once it is analysed: `none` for not at all. */
export const retentionSchema = z.union([z.literal('none'), durationSchema]);

/** Seconds for which a recording outlives its analysis. */
export function retentionSec(retention: z.infer<typeof retentionSchema>): number {
  return retention === 'none' ? 0 : durationSec(retention);
}
