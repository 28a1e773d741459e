import { existsSync, readFileSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { hasErrno } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type Entry, FORMAT, type Header } from './format.ts';
import { FORMAT_1, fromOldEntry, fromOldHeader } from './old-format.ts';
import { PACKED } from './recording-files.ts';

export interface Recording {
  readonly header: Header;
  /** In order, by line number. Bytes that were written late are in the entry that held them back. */
  readonly entries: ReadonlyMap<number, Entry>;
  /** True when the end is missing: the station was killed, or the file was cut. */
  readonly cutOff: boolean;
  /** The recording is complete up to this time, ms; null when it is complete to its end. */
  readonly completeUntilMs: number | null;
  /** False for the recording of a return, and for version 1 of the format. */
  readonly replayable: boolean;
}

/** Reads a recording of any version, packed or not, as far as it is complete. Faults: `file-missing`, `file-denied`, `bad-input`. */
export function readRecording(file: string): Recording {
  const { text, isComplete } = textOf(file);
  const lines = text.split('\n');
  // Text after the last line end is an unfinished line.
  const unfinished = lines.pop() !== '';
  const first = parse(lines[0]);
  const isCurrent = first !== null && 'gongwei' in first && first.gongwei === FORMAT;
  const header = isCurrent ? (first as Header) : first === null ? null : fromOldHeader(first);
  if (header === null) {
    throw new Fault('bad-input', `${file} is not a recording of Gongwei`, {
      hint: 'Name a run, or a file out of the folder "recordings" of a station.',
    });
  }
  const toEntry = isCurrent ? fromEntry : fromOldEntry;
  const entries = new Map<number, Entry>();
  let isIncomplete = unfinished || !isComplete;
  for (const [number, line] of lines.entries()) {
    if (number === 0) continue;
    const parsed = parse(line);
    const entry = parsed === null ? null : toEntry(parsed);
    if (entry === null) isIncomplete = true;
    else if (entry.type === 'late-bytes') addLateBytes(entries, entry.entry, entry.bytes);
    else entries.set(number, entry);
  }
  const replayable = header.gongwei !== FORMAT_1 && header.runId !== undefined;
  const ended = [...entries.values()].some(({ type }) => type === 'outcome');
  const truncated = [...entries.values()].find(({ type }) => type === 'truncated');
  return {
    header,
    entries,
    cutOff: isIncomplete || (replayable && !ended),
    completeUntilMs: truncated?.atMs ?? null,
    replayable,
  };
}

/** A recording has 16 MB at most; a packed file that grows beyond this is none. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;

function textOf(file: string): { text: string; isComplete: boolean } {
  let bytes: Buffer;
  try {
    // The archive packs the recording of a run that has just ended.
    const packed = file.replace(/\.jsonl$/, PACKED);
    bytes = readFileSync(!existsSync(file) && existsSync(packed) ? packed : file);
  } catch (cause) {
    const isMissing = hasErrno(cause, 'ENOENT');
    throw new Fault(isMissing ? 'file-missing' : 'file-denied', `the recording ${file} cannot be read`, {
      hint: isMissing ? 'Check the path.' : 'Check that it is a file and that you may read it.',
      cause,
    });
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { text: bytes.toString('utf8'), isComplete: true };
  try {
    return {
      text: gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }).toString('utf8'),
      isComplete: true,
    };
  } catch {
    // A copy that was cut off is read up to the cut.
    return { text: unpackCut(file, bytes), isComplete: false };
  }
}

function unpackCut(file: string, bytes: Buffer): string {
  try {
    const cut = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_UNPACKED_BYTES };
    return gunzipSync(bytes, cut).toString('utf8');
  } catch (cause) {
    throw new Fault('bad-input', `${file} cannot be unpacked`, {
      hint: 'The file is damaged, or far larger than a recording is.',
      cause,
    });
  }
}

function addLateBytes(entries: Map<number, Entry>, line: number, late: string): void {
  const entry = entries.get(line);
  if (entry === undefined || !('bytes' in entry) || !('heldBack' in entry)) return;
  const { heldBack = 0, bytes = '', ...rest } = entry;
  const stillHeldBack = heldBack - late.length;
  entries.set(line, {
    ...rest,
    bytes: bytes + late,
    ...(stillHeldBack > 0 ? { heldBack: stillHeldBack } : {}),
  } as Entry);
}

function fromEntry(value: object): Entry | null {
  const { type, atMs } = value as Partial<Entry>;
  return typeof type === 'string' && typeof atMs === 'number' ? (value as Entry) : null;
}

function parse(line: string | undefined): object | null {
  if (line === undefined) return null;
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
