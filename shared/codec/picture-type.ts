export type PictureType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';

const SIGNATURES: readonly (readonly [type: PictureType, starts: string])[] = [
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF87a'],
  ['image/gif', 'GIF89a'],
];

/** The media type of a picture by its signature (WHATWG MIME Sniffing, 6.1); `null` for other bytes. */
export function pictureTypeOf(bytes: Uint8Array): PictureType | null {
  const head = String.fromCharCode(...bytes.subarray(0, 14));
  if (head.startsWith('RIFF') && head.slice(8) === 'WEBPVP') return 'image/webp';
  return SIGNATURES.find(([, starts]) => head.startsWith(starts))?.[0] ?? null;
}
