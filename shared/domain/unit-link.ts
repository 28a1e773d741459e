/** The scheme of links that a label or another program may contain: `gongwei://unit/<serial number, MAC or DeviceName>`. */
export const LINK_SCHEME = 'gongwei';

const LINK = /^gongwei:\/\/unit\/([^/?#\s]{1,300})\/?$/i;
/** Longest name of a unit that a page takes. */
const MAX_NAME = 128;

/** The unit that a link names; `null` for any other text. A link names a unit and nothing else: it cannot act. */
export function unitOfLink(text: string): string | null {
  const encoded = LINK.exec(text)?.[1];
  if (encoded === undefined) return null;
  try {
    const name = decodeURIComponent(encoded);
    // Control characters are no part of a name.
    return name.length <= MAX_NAME && name.trim() !== '' && !/\p{C}/u.test(name) ? name : null;
  } catch {
    return null;
  }
}
