/**
 * What must not stand in a log, wherever in a line it turned up: keys, webhook secrets, authorisation, passwords
 * in addresses, signed links. What is left tells which one it was.
 */
const SECRETS: readonly (readonly [pattern: RegExp, kept: string])[] = [
  [/\bbf_([a-z2-7]{8})_[a-z2-7]+(_[a-z2-7]+)?/g, 'bf_$1_…'],
  [/\bwhsec_[A-Za-z0-9+/=_-]+/g, 'whsec_…'],
  [/\bv1a?,[A-Za-z0-9+/=]{40,}/g, 'v1,…'],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/gi, '$1 …'],
  [/(\w:\/\/)[^/@\s"\\]*@/g, '$1…@'],
  [/\b(X-Amz-(?:Signature|Credential|Security-Token)|token|signature|sig)=[^&\s"\\]+/gi, '$1=…'],
  [/(\/(?:shared|signed-uploads|s)\/)[A-Za-z0-9_.~-]{20,}/g, '$1…'],
  [/(bonafide_session=)[^;\s"\\]+/g, '$1…'],
];

export function scrubbed(line: string): string {
  return SECRETS.reduce((text, [pattern, kept]) => text.replace(pattern, kept), line);
}
