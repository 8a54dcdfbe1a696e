import { signal } from '@preact/signals';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORED_AS = 'bonafide-theme';

const chosen = document.documentElement.dataset.theme;
export const theme = signal<Theme>(chosen === 'light' || chosen === 'dark' ? chosen : 'auto');

/** Counts changes of what colours look like, so that what is painted on a canvas can be painted again. */
export const paintCount = signal(0);

function putOn(wanted: Theme): void {
  if (wanted === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = wanted;
}

export function chooseTheme(wanted: Theme): void {
  theme.value = wanted;
  putOn(wanted);
  try {
    localStorage.setItem(STORED_AS, wanted);
  } catch {
    // Then it lasts until the page is closed.
  }
  paintCount.value += 1;
}

const darkSystem = matchMedia('(prefers-color-scheme: dark)');
const isDark = () => theme.value === 'dark' || (theme.value === 'auto' && darkSystem.matches);

// Paper is light, and so must be what canvases hold when it is printed.
addEventListener('beforeprint', () => {
  document.documentElement.classList.toggle('was-dark', isDark());
  document.documentElement.dataset.theme = 'light';
});
addEventListener('afterprint', () => {
  document.documentElement.classList.remove('was-dark');
  putOn(theme.value);
});

darkSystem.addEventListener('change', () => (paintCount.value += 1));

/** What a colour of the style sheet is at the moment, for a canvas: `rgb(…)`. */
export function colourOf(token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** From the colour of real speech over neutral to that of cloned speech. */
export function scoreColour(pFake: number, ends: { real: string; fake: string; middle: string }): string {
  const distance = Math.min(1, Math.abs(pFake - 0.5) * 2.2);
  const end = pFake >= 0.5 ? ends.fake : ends.real;
  return `color-mix(in oklab, ${end} ${Math.round(35 + 65 * distance)}%, ${ends.middle})`;
}
