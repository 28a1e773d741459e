/** Longest part of a name: two parts, a time and an extension have less than the 255 bytes of a file system. */
const MAX_PART_BYTES = 90;

/** `<station>_<batch>_<time>`, valid on every file system; the time is UTC. */
export function exportName(station: string, batch: string, atMs: number): string {
  const time = new Date(atMs).toISOString().slice(0, 19).replace(/[-:]/g, '');
  return `${asNamePart(station)}_${asNamePart(batch)}_${time}Z`;
}

function asNamePart(text: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M}._-]+/gu, '-')
    .replace(/^[.-]+|[.-]+$/g, '');
  let short = '';
  for (const character of plain) {
    if (Buffer.byteLength(short + character) > MAX_PART_BYTES) break;
    short += character;
  }
  return short === '' ? 'unnamed' : short;
}
