import type { TextEncodingName } from '#shared/codec/text-encoding.ts';
import { type AttemptJson, type Entry, type FaultJson, type Json, streamOf } from './format.ts';
import type { Recording } from './read-recording.ts';
import { hex, hexRows, formatBytes, formatBytesShort } from './format-bytes.ts';
import { formatTransferProgress, transferProgressOf } from './transfer-progress.ts';

/** Bytes of one direction that come closer together than this are shown as one message. */
const SAME_MESSAGE_MS = 20;
const INDENT = ' '.repeat(9);

export interface TranscriptOptions {
  /** Bytes in hex, with their text beside. */
  readonly hex?: boolean;
}

interface Style {
  readonly hex: boolean;
  readonly encoding: TextEncodingName;
}

/** Bytes of one direction that are shown together. */
interface Message {
  readonly atMs: number;
  readonly stream: string;
  readonly bytes: Uint8Array[];
  lastMs: number;
}

/** A recording as text for people: time, direction and content of each entry, phases and steps as headings. */
export function* formatTranscript(recording: Recording, options: TranscriptOptions = {}): Generator<string> {
  yield formatHeader(recording);
  const { entries } = recording;
  const style: Style = { hex: options.hex === true, encoding: recording.header.encoding ?? 'utf-8' };
  let message = null as Message | null;
  for (const entry of entries.values()) {
    if ((entry.type === 'tx' || entry.type === 'rx') && entry.bytes !== undefined) {
      const stream = streamOf(entry);
      const bytes = Buffer.from(entry.bytes, 'latin1');
      if (message?.stream === stream && entry.atMs - message.lastMs <= SAME_MESSAGE_MS) {
        message.bytes.push(bytes);
        message.lastMs = entry.atMs;
        continue;
      }
      if (message !== null) yield* formatMessage(message, style);
      message = { atMs: entry.atMs, stream, bytes: [bytes], lastMs: entry.atMs };
      continue;
    }
    const lines = [...formatEntry(entry, entries, style)];
    if (lines.length === 0) continue;
    if (message !== null) yield* formatMessage(message, style);
    message = null;
    for (const [at, text] of lines.entries()) yield `${at === 0 ? formatTime(entry.atMs) : INDENT} ${text}`;
  }
  if (message !== null) yield* formatMessage(message, style);
  if (recording.cutOff) yield `${INDENT} ══ the recording ends here, before the run did`;
}

function formatHeader({ header }: Recording): string {
  const { runId, returnId, slot, port, serialNumber, station, batchName, batchId, recipeHash } = header;
  const { appVersion, startedAtMs } = header;
  return [
    runId === undefined ? `return ${returnId ?? ''}` : `run ${runId}`,
    startedAtMs === undefined ? null : new Date(startedAtMs).toISOString(),
    serialNumber ?? null,
    slot === undefined ? null : `slot ${slot}`,
    port,
    station === undefined ? null : `station ${station}`,
    batchId === undefined ? null : `batch ${batchName ?? batchId}`,
    recipeHash === undefined ? null : `recipe ${recipeHash.slice(0, 12)}`,
    appVersion === undefined ? null : `version ${appVersion}`,
  ]
    .filter((part) => part !== null && part !== undefined && part !== '')
    .join(' · ');
}

function* formatMessage(
  { atMs, stream, bytes }: Message,
  { hex: isHex, encoding }: Style,
): Generator<string> {
  const whole = Buffer.concat(bytes);
  if (!isHex) return yield `${formatTime(atMs)} ${stream} ${formatBytesShort(whole, encoding)}`;
  for (const [at, row] of hexRows(whole).entries())
    yield `${at === 0 ? formatTime(atMs) : INDENT} ${stream} ${row}`;
}

function* formatEntry(entry: Entry, entries: ReadonlyMap<number, Entry>, style: Style): Generator<string> {
  switch (entry.type) {
    case 'phase':
      return yield `══ phase ${entry.name}`;
    case 'step':
      return yield `── step ${entry.name}`;
    case 'comment':
      return yield `· ${entry.text}`;
    case 'request': {
      const parameters = entry.parameters === undefined ? '' : ` ${entry.parameters}`;
      return yield `? ${entry.kind}: ${entry.key}${parameters}${formatEntryBytes(entry.bytes, style)}`;
    }
    case 'reply':
    case 'notification': {
      const progress = transferProgressOf(entry, entries);
      if (progress !== null) return yield `~ ${formatTransferProgress(progress)}`;
      const request = entries.get(entry.request);
      const to = request?.type === 'request' ? `${request.kind}: ${request.key}` : '';
      const content =
        entry.fault === undefined
          ? `${formatValue(entry.value)}${formatEntryBytes(entry.bytes, style)}`
          : ` ${formatFault(entry.fault)}`;
      return yield `${entry.type === 'reply' ? '=' : '~'} ${to}${content}`;
    }
    case 'input': {
      const content = entry.fault === undefined ? formatValue(entry.value) : ` ${formatFault(entry.fault)}`;
      return yield `· ${entry.kind}: ${entry.key}${content}`;
    }
    case 'timer':
      return yield `· ${entry.durationMs} ms are over`;
    case 'tx-done':
      if (entry.fault !== undefined) yield `! not sent: ${formatFault(entry.fault)}`;
      return;
    case 'port-lost':
      return yield `! ${formatFault(entry.fault)}`;
    case 'stop':
      return yield `! stopped: ${formatFault(entry.fault)}`;
    case 'attempt':
      return yield* formatAttempt(entry.attempt);
    case 'outcome':
      return yield `══ ${entry.outcome}${entry.failure === null ? '' : `: ${entry.failure.message}`}`;
    case 'truncated':
      return yield `══ from here on only phases and steps were kept: the recording has ${entry.characters / 1024 ** 2} MB`;
    case 'tx':
    case 'rx':
    case 'masked':
    case 'late-bytes':
      return;
  }
}

function* formatAttempt({ step, attempt, outcome, ms, failure, measured }: AttemptJson): Generator<string> {
  const again = attempt === 1 ? '' : ` (attempt ${attempt})`;
  yield `── ${step}${again}: ${outcome} in ${ms} ms${failure === null ? '' : `: ${failure.message}`}`;
  for (const { name, value, unit, limits, outcome: own } of measured)
    yield `     ${own === 'PASS' ? ' ' : '✗'} ${name} = ${plain(value)}${unit === null ? '' : ` ${unit}`}${limits === '' ? '' : ` (${limits})`}`;
}

function formatEntryBytes(text: string | undefined, { hex: isHex, encoding }: Style): string {
  if (text === undefined) return '';
  const bytes = Buffer.from(text, 'latin1');
  return isHex ? ` ${hex(bytes)}` : ` ${hex(bytes)} "${formatBytes(bytes, encoding)}"`;
}

function formatFault({ code, message }: FaultJson): string {
  return `${message} (${code})`;
}

function formatValue(value: Json | undefined): string {
  return value === undefined ? '' : ` ${plain(value)}`;
}

function plain(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function formatTime(atMs: number): string {
  return atMs.toFixed(1).padStart(INDENT.length);
}
