/** Control characters, and those that turn the direction of what stands around them. */
const INVISIBLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** A name as it can be shown: what turns the reading around makes "exe.png" of what is no picture. */
export function withoutInvisible(name: string): string {
  return name.replace(INVISIBLE, '');
}
