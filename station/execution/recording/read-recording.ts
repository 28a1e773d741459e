import { existsSync, readFileSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { hasErrno } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { PACKED } from './recording-file.ts';
import { type Entry, FORMAT, type Header } from './format.ts';

/** What version 1 was; it has bytes and marks alone, and can be read but not replayed. */
export const OLD_FORMAT = 'recording/1';

export interface Recording {
  readonly header: Header;
  /** In their order, by line; line 0 is the header and has none. Bytes that were written late are where they belong. */
  readonly entries: ReadonlyMap<number, Entry>;
  /** True when the end is missing: the station was killed, or the file was cut. */
  readonly cutOff: boolean;
  /** How far everything is in it, milliseconds; `null` when it is to the end. Behind are phases and attempts alone. */
  readonly wholeUntilMs: number | null;
  /** True for the version that can be replayed. */
  readonly replayable: boolean;
}

/** Whatever can be read of a recording, packed or not, whole or cut off. Faults: `file-missing`, `bad-input`. */
export function readRecording(file: string): Recording {
  const { text, whole } = textOf(file);
  const lines = text.split('\n');
  // What stands behind the last line end was never finished.
  const unfinished = lines.pop() !== '';
  const header = parse<Header>(lines[0]);
  if (header === null || (header.gongwei !== FORMAT && header.gongwei !== OLD_FORMAT)) {
    throw new Fault('bad-input', `${file} is not a recording of Gongwei`, {
      hint: 'Name a run, or a file out of the folder "recordings" of a station.',
    });
  }
  const entries = new Map<number, Entry>();
  let torn = unfinished || !whole;
  for (const [number, line] of lines.entries()) {
    if (number === 0) continue;
    const entry = parse<Entry>(line);
    if (entry === null || typeof entry.d !== 'string' || typeof entry.ms !== 'number') torn = true;
    else if (entry.d === '+') payLate(entries, entry.of, entry.b);
    else entries.set(number, entry);
  }
  const isRun = header.gongwei === FORMAT && header.run !== undefined;
  const ended = [...entries.values()].some(({ d }) => d === 'v');
  const full = [...entries.values()].find(({ d }) => d === 'c');
  const wholeUntilMs = full?.ms ?? null;
  return { header, entries, cutOff: torn || (isRun && !ended), wholeUntilMs, replayable: isRun };
}

/** A recording ends at 16 MB; as much as this is none, whatever its packed file says. */
const MOST_UNPACKED_BYTES = 256 * 1024 * 1024;

function textOf(file: string): { text: string; whole: boolean } {
  let bytes: Buffer;
  try {
    // A run that ends now is packed now.
    const packed = file.replace(/\.jsonl$/, PACKED);
    bytes = readFileSync(!existsSync(file) && existsSync(packed) ? packed : file);
  } catch (cause) {
    const gone = hasErrno(cause, 'ENOENT');
    throw new Fault(gone ? 'file-missing' : 'file-denied', `the recording ${file} cannot be read`, {
      hint: gone ? 'Check the path.' : 'Check that it is a file and that you may read it.',
      cause,
    });
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { text: bytes.toString('utf8'), whole: true };
  try {
    return {
      text: gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED_BYTES }).toString('utf8'),
      whole: true,
    };
  } catch {
    // A copy that was cut off: everything up to there.
    return { text: unpackCut(file, bytes), whole: false };
  }
}

function unpackCut(file: string, bytes: Buffer): string {
  try {
    const cut = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_UNPACKED_BYTES };
    return gunzipSync(bytes, cut).toString('utf8');
  } catch (cause) {
    throw new Fault('bad-input', `${file} cannot be unpacked`, {
      hint: 'The file is damaged, or far larger than a recording is.',
      cause,
    });
  }
}

function payLate(entries: Map<number, Entry>, of: number, bytes: string): void {
  const entry = entries.get(of);
  if (entry === undefined || !('b' in entry) || !('h' in entry)) return;
  const { h = 0, b = '', ...rest } = entry;
  const left = h - bytes.length;
  entries.set(of, { ...rest, b: b + bytes, ...(left > 0 ? { h: left } : {}) } as Entry);
}

function parse<T extends object>(line: string | undefined): T | null {
  if (line === undefined) return null;
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null ? (value as T) : null;
  } catch {
    return null;
  }
}
