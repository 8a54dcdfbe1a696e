import { z } from 'zod';

const UNIT_SEC = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const;
const SHORT = '(\\d{1,6})([smhdw])';
/** ISO 8601 without years and months, which are of no fixed length. */
const ISO =
  'P(?=\\d|T\\d)(?:(\\d{1,6})W)?(?:(\\d{1,6})D)?(?:T(?=\\d)(?:(\\d{1,6})H)?(?:(\\d{1,6})M)?(?:(\\d{1,6})S)?)?';
const DURATION = new RegExp(`^(?:${SHORT}|${ISO})$`);

/** A number and its unit (`45s`, `30m`, `12h`, `90d`, `4w`), or the same in ISO 8601 (`PT1H`, `P30D`). */
export const durationSchema = z.string().regex(DURATION, {
  error: 'is a number with s, m, h, d or w behind it, such as 12h or 30d, or ISO 8601, such as PT1H',
});

/** Seconds of a duration. @throws Error for a text that is none */
export function durationSec(text: string): number {
  const match = DURATION.exec(text);
  if (!match) throw new Error(`not a duration: ${text}`);
  const [, count, unit, ...parts] = match;
  if (count !== undefined) return Number(count) * UNIT_SEC[unit as keyof typeof UNIT_SEC];
  const [weeks, days, hours, minutes, seconds] = parts.map((part) => Number(part ?? 0));
  return weeks * UNIT_SEC.w + days * UNIT_SEC.d + hours * UNIT_SEC.h + minutes * UNIT_SEC.m + seconds;
}

/** How long a recording is kept once it is analysed: `none` for not at all. */
export const retentionSchema = z.union([z.literal('none'), durationSchema]);

/** Seconds for which a recording outlives its analysis. */
export function retentionSec(retention: z.infer<typeof retentionSchema>): number {
  return retention === 'none' ? 0 : durationSec(retention);
}

const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** A moment as a timestamp of four-digit years can name it: at most the last one of these. */
export function timestampOf(ms: number): string {
  return new Date(Math.min(ms, LAST_MS)).toISOString();
}
