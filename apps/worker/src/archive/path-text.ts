/** Upper half of code page 437, in which zip files of old have their names (its lower half is ASCII). */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function decodeUtf8(raw: Uint8Array): string | null {
  try {
    return utf8.decode(raw);
  } catch {
    return null;
  }
}

export function decodeCp437(raw: Uint8Array): string {
  return Array.from(raw, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : CP437[byte - 0x80])).join('');
}

/**
 * The name of an entry without a sign of its encoding. The format says code page 437, but several tools, macOS's
 * among them, write UTF-8 and do not say so; names in the code page that happen to be valid UTF-8 hardly exist.
 */
export function decodeUnmarked(raw: Uint8Array): string {
  return decodeUtf8(raw) ?? decodeCp437(raw);
}

/** Tar has no code page: what is not UTF-8 is shown as Latin 1. */
export function decodeTarPath(raw: Buffer): string {
  return decodeUtf8(raw) ?? raw.toString('latin1');
}

/** As the rest of the product speaks of it: slashes between its parts, none at the front of a relative one. */
export function tidyPath(path: string): string {
  const parts = path.replaceAll('\\', '/').replace(/^(\.\/+)+/, '');
  return parts === '' && path !== '' ? './' : parts;
}
