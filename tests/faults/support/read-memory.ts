import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const BLOCK_BYTES = 4 * 1024 * 1024;

/**
 * Finds all words of `length` characters with `prefix` in the memory of a process, in one or two bytes per character.
 * Linux only; `pid` must be a child of this process.
 */
export function wordsInMemory(pid: number, prefix: string, length: number): Set<string> {
  const found = new Set<string>();
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const [begin, end] of writableRanges(pid)) {
      const overlap = 2 * length;
      const block = Buffer.alloc(BLOCK_BYTES + overlap);
      for (let at = begin; at < end; at += BLOCK_BYTES) {
        const size = readAt(memory, block, at, Math.min(block.length, end - at));
        const bytes = block.subarray(0, size);
        for (const encoding of ['latin1', 'utf16le'] as const) {
          const wanted = Buffer.from(prefix, encoding);
          const width = encoding === 'latin1' ? 1 : 2;
          for (let hit = bytes.indexOf(wanted); hit >= 0; hit = bytes.indexOf(wanted, hit + 1))
            found.add(bytes.toString(encoding, hit, hit + width * length));
        }
      }
    }
  } finally {
    closeSync(memory);
  }
  return found;
}

function writableRanges(pid: number): [number, number][] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  return lines
    .map((line) => /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line))
    .filter((match) => match !== null)
    .map(([, begin = '', end = '']) => [Number.parseInt(begin, 16), Number.parseInt(end, 16)]);
}

/** Unmapped pages are empty. */
function readAt(memory: number, into: Buffer, at: number, size: number): number {
  try {
    return readSync(memory, into, 0, size, at);
  } catch {
    return 0;
  }
}
