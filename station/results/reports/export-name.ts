/** Longest part of a name, in bytes: two of them, a time and an ending stay below what a file system takes (255). */
const MOST_BYTES = 90;

/** `<station>_<batch>_<time>`: whose, what and when, as a name for any file system. The time is UTC. */
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
    if (Buffer.byteLength(short + character) > MOST_BYTES) break;
    short += character;
  }
  return short === '' ? 'unnamed' : short;
}
