import type { FeatureReason } from '@bonafide/contracts';
import { t } from './index';
import { decimal } from './numbers';

const familyOf = (feature: string) => t().features.families.find(([prefix]) => feature.startsWith(prefix));

/** A feature's name in words: the bundle's own, or the page's where that speaks another language. */
export function featureTitle({ feature, title }: Pick<FeatureReason, 'feature' | 'title'>): string {
  const own = familyOf(feature)?.[1];
  if (!own) return title;
  const { measure, detail } = t().features;
  const kind = Object.keys(measure).find((ending) => feature.replace(/_\d+$/, '').endsWith(`_${ending}`));
  const place = placeOf(title);
  const number = numberOf(feature);
  // Of a detail's pace, the number says which detail, and the frequencies how fast.
  if (kind === PACE) return detail(spaced(own, number), spaced(measure[kind], place));
  return detail(spaced(own, place ?? number), kind ? measure[kind] : '');
}

const PACE = 'modulation';
const spaced = (...parts: readonly (string | null)[]) => parts.filter(Boolean).join(' ');

export const featureHelp = (feature: string): string => familyOf(feature)?.[2] ?? t().features.otherHelp;

/** Frequencies are said alike everywhere: "0.95 to 1.9 kHz". */
function placeOf(title: string): string | null {
  const ranges = [...title.matchAll(/([\d.]+) to ([\d.]+) (k?Hz)/g)];
  return ranges.length > 0
    ? ranges.map(([, low, high, unit]) => `${said(low)}–${said(high)} ${unit}`).join(', ')
    : null;
}

const said = (figure: string) => decimal(Number(figure), 2);

const numberOf = (feature: string): string | null => {
  const number = /_(\d+)/.exec(feature)?.[1];
  return number === undefined ? null : String(Number(number));
};
