const MAX_CHARACTERS = 255;
const UNNAMED = 'recording';

/** Control characters, and those that turn the direction of what stands around them. */
const INVISIBLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * The name as the client gave it, for people to read and for the report: the last part of a path, without
 * what a terminal or a log would act upon. Never used as a path or in a header.
 */
export function cleanFilename(given: string | undefined): string {
  const last = (given ?? '').split(/[/\\]/).at(-1) ?? '';
  const visible = [...last.replace(INVISIBLE, '')].slice(0, MAX_CHARACTERS).join('').trim();
  return visible === '' ? UNNAMED : visible;
}
