import { computed, effect, signal } from '@preact/signals';
import { de } from './de';
import { en, type Texts } from './en';

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

const ALL: Record<Language, Texts> = { en, de };
const STORED_AS = 'bonafide-language';

const isLanguage = (name: string | null | undefined): name is Language => Object.hasOwn(ALL, name ?? '');

function preferred(): Language {
  const stored = readStored();
  if (isLanguage(stored)) return stored;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en';
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}

export const language = signal<Language>(preferred());
const texts = computed(() => ALL[language.value]);

/** The texts of the chosen language; components that ask are drawn again when it changes. */
export const t = (): Texts => texts.value;

/** Changes the language and remembers it, where storage is allowed. */
export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  try {
    localStorage.setItem(STORED_AS, chosen);
  } catch {
    // Then it lasts until the page is closed.
  }
}

effect(() => {
  document.documentElement.lang = language.value;
});
