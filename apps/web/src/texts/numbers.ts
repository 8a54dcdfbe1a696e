import { language, t } from './index';

/** The reader's own kind of the language, where the browser names one: dates in London are not those of Boston. */
const locale = () => navigator.languages.find((tag) => tag.startsWith(language.value)) ?? language.value;

const number = (value: number, options: Intl.NumberFormatOptions = {}) =>
  new Intl.NumberFormat(locale(), options).format(value);

export const whole = (value: number) => number(value, { maximumFractionDigits: 0 });
export const decimal = (value: number, digits = 1) => number(value, { maximumFractionDigits: digits });

/** Three digits that matter, as a person would say a measured value. */
export const measured = (value: number) => number(value, { maximumSignificantDigits: 3 });

/** 0..1 as per cent. Never quite 0 or 100: no score is certain. */
export function percent(share: number, digits = 0): string {
  const lowest = 10 ** -(digits + 2);
  if (share > 0 && share < lowest)
    return `< ${number(lowest, { style: 'percent', maximumFractionDigits: digits })}`;
  if (share < 1 && share > 1 - lowest)
    return `> ${number(1 - lowest, { style: 'percent', maximumFractionDigits: digits })}`;
  return number(share, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** As few digits as leave it below the end of the range that it lies in: 29.8 %, where that ends at 30 %. */
export function percentBelow(share: number, end: number): string {
  const digits = [0, 1, 2].find((count) => percent(share, count) !== percent(end, count));
  return percent(share, digits);
}

export const percentOrNone = (share: number | null | undefined, digits = 0) =>
  share === null || share === undefined ? t().shell.none : percent(share, digits);

/** m:ss, with hours where there are any; tenths below a minute's table need `digits`. */
export function clock(sec: number, digits = 0): string {
  const factor = 10 ** digits;
  const total = Math.floor(sec * factor + 1e-6) / factor;
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = number(total % 60, {
    minimumIntegerDigits: 2,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

export function seconds(sec: number, digits = 1): string {
  return number(sec, { style: 'unit', unit: 'second', unitDisplay: 'short', maximumFractionDigits: digits });
}

export function bytes(count: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const power = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, count)) / Math.log(1000)));
  const value = count / 1000 ** power;
  // Short, English has "19 byte".
  const unitDisplay = power === 0 ? 'long' : 'short';
  return number(value, { style: 'unit', unit: units[power], unitDisplay, maximumFractionDigits: 1 });
}

export function moment(timestamp: string): string {
  const form = { dateStyle: 'medium', timeStyle: 'short' } as const;
  return new Intl.DateTimeFormat(locale(), form).format(new Date(timestamp));
}

export function languageName(codes: string): string {
  const names = new Intl.DisplayNames(language.value, { type: 'language' });
  return codes
    .split(', ')
    .map((code) => t().model.languages[code] ?? names.of(code) ?? code)
    .join(', ');
}
