import type { DialogueEntry } from '#shared/contract/index.ts';
import { type AttemptJson, type Entry, type FaultJson, type Json, streamOf } from './format.ts';
import { formatBytesShort, hex } from './format-bytes.ts';
import type { Recording } from './read-recording.ts';
import { formatTransferProgress, transferProgressOf } from './transfer-progress.ts';

/** Bytes of one direction that come closer together than this are one entry. */
const SAME_MESSAGE_MS = 20;
/** Bytes shown in hex; a longer entry has the rest in `recording show` only. */
const MAX_HEX_BYTES = 4096;
const MASKED = /\*{8,}/;

type Place = Pick<DialogueEntry, 'phase' | 'step' | 'attempt'>;
/** The outcome is that of the run, not of the step that came last. */
const OF_THE_RUN: Place = { phase: null, step: null, attempt: 1 };
type Content = Omit<DialogueEntry, 'index' | keyof Place>;

interface Bytes {
  readonly atMs: number;
  readonly kind: 'sent' | 'received';
  readonly stream: string;
  readonly port: string;
  readonly place: Place;
  readonly parts: Uint8Array[];
  lastMs: number;
}

/** The dialogue of a run: what was sent, received, asked and measured, each with its step. */
export function dialogueOf({ header, entries }: Recording): DialogueEntry[] {
  const dialogue: DialogueEntry[] = [];
  const encoding = header.encoding ?? 'utf-8';
  let place: Place = { phase: null, step: null, attempt: 1 };
  let bytes = null as Bytes | null;
  let reported: string | null = null;
  const push = (content: Content, at: Place): void =>
    void dialogue.push({ index: dialogue.length, ...at, ...content });
  const flush = (): void => {
    if (bytes === null) return;
    const { atMs, kind, port, place: at, parts } = bytes;
    const whole = Buffer.concat(parts);
    const text = formatBytesShort(whole, encoding);
    const shown = hex(whole.subarray(0, MAX_HEX_BYTES));
    push({ atMs, kind, port, text, hex: shown, masked: MASKED.test(whole.toString('latin1')) }, at);
    bytes = null;
  };
  for (const entry of entries.values()) {
    if ((entry.type === 'tx' || entry.type === 'rx') && entry.bytes !== undefined) {
      const stream = streamOf(entry);
      const part = Buffer.from(entry.bytes, 'latin1');
      if (bytes?.stream === stream && entry.atMs - bytes.lastMs <= SAME_MESSAGE_MS) {
        bytes.parts.push(part);
        bytes.lastMs = entry.atMs;
        continue;
      }
      flush();
      const port = entry.port === undefined ? 'unit' : String(entry.port);
      const kind = entry.type === 'tx' ? 'sent' : 'received';
      bytes = { atMs: entry.atMs, kind, stream, port, place, parts: [part], lastMs: entry.atMs };
      continue;
    }
    if (entry.type === 'request') reported = null;
    const progress = transferProgressOf(entry, entries);
    const of = progress === null ? null : `${progress.stage} ${progress.image ?? ''}`;
    // Ten reports come in a second: the first of each stage and image is enough.
    if (of !== null && of === reported) continue;
    if (of !== null) reported = of;
    const contents = contentsOf(entry, entries);
    if (contents.length > 0 || entry.type === 'phase' || entry.type === 'step') flush();
    const at = entry.type === 'outcome' ? OF_THE_RUN : place;
    for (const content of contents) push(content, at);
    place = placeAfter(entry, place);
  }
  flush();
  return dialogue;
}

function placeAfter(entry: Entry, place: Place): Place {
  if (entry.type === 'phase') return { phase: entry.name, step: null, attempt: 1 };
  if (entry.type === 'step') return { ...place, step: entry.name, attempt: 1 };
  // A step that is repeated has no heading of its own.
  return entry.type === 'attempt' ? { ...place, attempt: entry.attempt.attempt + 1 } : place;
}

function contentsOf(entry: Entry, entries: ReadonlyMap<number, Entry>): Content[] {
  const { atMs } = entry;
  const one = (kind: DialogueEntry['kind'], text: string, bytes?: string): Content[] => [
    {
      atMs,
      kind,
      port: null,
      text,
      hex: bytes === undefined ? null : hex(Buffer.from(bytes, 'latin1').subarray(0, MAX_HEX_BYTES)),
      masked: MASKED.test(bytes ?? text),
    },
  ];
  switch (entry.type) {
    case 'comment':
      return one('note', entry.text);
    case 'request': {
      const parameters = entry.parameters === undefined ? '' : ` ${entry.parameters}`;
      return one('request', `${entry.kind}: ${entry.key}${parameters}`, entry.bytes);
    }
    case 'reply':
    case 'notification': {
      const progress = transferProgressOf(entry, entries);
      if (progress !== null) return one('note', formatTransferProgress(progress));
      const request = entries.get(entry.request);
      const to = request?.type === 'request' ? `${request.kind}: ${request.key}` : '';
      if (entry.fault !== undefined) return one('fault', `${to} ${formatFault(entry.fault)}`.trim());
      return one('reply', `${to} ${formatValue(entry.value)}`.trim(), entry.bytes);
    }
    case 'input':
      return entry.fault === undefined
        ? one('note', `${entry.kind}: ${entry.key} ${formatValue(entry.value)}`.trim())
        : one('fault', `${entry.kind}: ${entry.key} ${formatFault(entry.fault)}`);
    case 'tx-done':
      return entry.fault === undefined ? [] : one('fault', formatFault(entry.fault));
    case 'port-lost':
    case 'stop':
      return one('fault', formatFault(entry.fault));
    case 'attempt':
      return [...measuredOf(atMs, entry.attempt), ...one('outcome', formatAttempt(entry.attempt))];
    case 'outcome':
      return one(
        'outcome',
        entry.failure === null ? entry.outcome : `${entry.outcome}: ${entry.failure.message}`,
      );
    case 'truncated':
      return one('note', 'the recording is full; from here on only phases and steps were kept');
    case 'tx':
    case 'rx':
    case 'phase':
    case 'step':
    case 'timer':
    case 'masked':
    case 'late-bytes':
      return [];
  }
}

function measuredOf(atMs: number, { measured }: AttemptJson): Content[] {
  return measured.map(({ name, value, unit, limits, outcome }) => ({
    atMs,
    kind: 'measured',
    port: null,
    text: [
      `${name} = ${formatValue(value)}${unit === null ? '' : ` ${unit}`}`,
      limits === '' ? '' : ` (${limits})`,
      outcome === 'PASS' ? '' : ` ${outcome}`,
    ].join(''),
    hex: null,
    masked: false,
  }));
}

function formatAttempt({ outcome, ms, failure }: AttemptJson): string {
  return `${outcome} · ${Math.round(ms)} ms${failure === null ? '' : `: ${failure.message}`}`;
}

function formatFault({ code, message }: FaultJson): string {
  return `${message} (${code})`;
}

function formatValue(value: Json | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
