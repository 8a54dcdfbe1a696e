import { withoutInvisible } from '@bonafide/contracts';

const MAX_CHARACTERS = 255;
const UNNAMED = 'recording';

/**
 * The name as the client gave it, for people to read and for the report: the last part of a path, without
 * what a terminal or a log would act upon. Never used as a path or in a header.
 */
export function cleanFilename(given: string | undefined): string {
  const last = (given ?? '').split(/[/\\]/).at(-1) ?? '';
  const visible = [...withoutInvisible(last)].slice(0, MAX_CHARACTERS).join('').trim();
  return visible === '' ? UNNAMED : visible;
}
