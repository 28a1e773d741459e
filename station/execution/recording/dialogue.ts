import type { TextEncodingName } from '#shared/codec/text-encoding.ts';
import type { AttemptJson, Entry, FaultJson, Json } from './format.ts';
import type { Recording } from './read-recording.ts';
import { hex, hexRows, readable, visible } from './visible-bytes.ts';

/** Pieces of one message that came so close together are shown as one. */
const ONE_MESSAGE_MS = 20;

export interface DialogueOptions {
  /** Bytes in hex, with their text beside. */
  readonly hex?: boolean;
}

interface Shown {
  readonly hex: boolean;
  readonly encoding: TextEncodingName;
}

interface Spoken {
  readonly ms: number;
  readonly sign: string;
  readonly bytes: Uint8Array[];
  lastMs: number;
}

/** A recording as people read it: when, which way, what, with phases and steps as headings. */
export function* dialogue(recording: Recording, options: DialogueOptions = {}): Generator<string> {
  yield heading(recording);
  const { entries } = recording;
  const shown: Shown = { hex: options.hex === true, encoding: recording.header.encoding ?? 'utf-8' };
  let spoken: Spoken | null = null;
  for (const entry of entries.values()) {
    const sign = signOf(entry);
    if (sign !== null && 'b' in entry) {
      const bytes = Buffer.from(entry.b ?? '', 'latin1');
      if (spoken !== null && spoken.sign === sign && entry.ms - spoken.lastMs <= ONE_MESSAGE_MS) {
        spoken.bytes.push(bytes);
        spoken.lastMs = entry.ms;
        continue;
      }
      if (spoken !== null) yield* say(spoken, shown);
      spoken = { ms: entry.ms, sign, bytes: [bytes], lastMs: entry.ms };
      continue;
    }
    const words = [...wordsOf(entry, entries, shown)];
    if (words.length === 0) continue;
    if (spoken !== null) yield* say(spoken, shown);
    spoken = null;
    for (const [at, text] of words.entries()) yield `${at === 0 ? time(entry.ms) : ' '.repeat(9)} ${text}`;
  }
  if (spoken !== null) yield* say(spoken, shown);
  if (recording.cutOff) yield `${' '.repeat(9)} ══ the recording ends here, before the run did`;
}

function heading({ header }: Recording): string {
  const { run, slot, port, serialNumber, station, batchName, batch, recipe, appVersion, at } = header;
  const returned = header.return;
  return [
    run === undefined ? `return ${returned ?? ''}` : `run ${run}`,
    at === undefined ? null : new Date(at).toISOString(),
    serialNumber ?? null,
    slot === undefined ? null : `slot ${slot}`,
    port,
    station === undefined ? null : `station ${station}`,
    batch === undefined ? null : `batch ${batchName ?? batch}`,
    recipe === undefined ? null : `recipe ${recipe.slice(0, 12)}`,
    appVersion === undefined ? null : `version ${appVersion}`,
  ]
    .filter((part) => part !== null && part !== undefined && part !== '')
    .join(' · ');
}

/** Which way bytes of the unit's ports went. */
function signOf(entry: Entry): string | null {
  if (entry.d !== '>' && entry.d !== '<') return null;
  return entry.p === undefined ? entry.d : `${entry.d}${entry.p}`;
}

function* say({ ms, sign, bytes }: Spoken, { hex: isHex, encoding }: Shown): Generator<string> {
  const whole = Buffer.concat(bytes);
  if (!isHex) return yield `${time(ms)} ${sign} ${readable(whole, encoding)}`;
  for (const [at, row] of hexRows(whole).entries())
    yield `${at === 0 ? time(ms) : ' '.repeat(9)} ${sign} ${row}`;
}

function* wordsOf(
  entry: Entry,
  entries: ReadonlyMap<number, Entry>,
  { hex: isHex, encoding }: Shown,
): Generator<string> {
  const bytes = (b: string | undefined): string => {
    if (b === undefined) return '';
    const own = Buffer.from(b, 'latin1');
    return isHex ? ` ${hex(own)}` : ` ${hex(own)} "${visible(own, encoding)}"`;
  };
  switch (entry.d) {
    case '#':
      return yield entry.b.startsWith('phase ') ? `══ ${entry.b}` : `── ${entry.b}`;
    case 'n':
      return yield `· ${entry.b}`;
    case '?':
      return yield `? ${entry.k}: ${entry.key}${entry.how === undefined ? '' : ` ${entry.how}`}${bytes(entry.b)}`;
    case '=':
    case '~': {
      const asked = entries.get(entry.of);
      const what = asked?.d === '?' ? `${asked.k}: ${asked.key}` : '';
      const said =
        entry.fault === undefined ? `${value(entry.v)}${bytes(entry.b)}` : ` ${fault(entry.fault)}`;
      return yield `${entry.d === '=' ? '=' : '~'} ${what}${said}`;
    }
    case 'i':
      return yield `· ${entry.k}: ${entry.key}${entry.fault === undefined ? value(entry.v) : ` ${fault(entry.fault)}`}`;
    case 't':
      return yield `· ${entry.for} ms are over`;
    case 'w':
      if (entry.fault !== undefined) yield `! not sent: ${fault(entry.fault)}`;
      return;
    case 'x':
      return yield `! ${fault(entry.fault)}`;
    case '!':
      return yield `! stopped: ${fault(entry.fault)}`;
    case 'r':
      return yield* attempt(entry.r);
    case 'v':
      return yield `══ ${entry.outcome}${entry.failure === null ? '' : `: ${entry.failure.message}`}`;
    case 'c':
      return yield `══ from here on only phases and steps were kept: the recording has ${entry.after / 1024 ** 2} MB`;
    case '>':
    case '<':
    case '*':
    case '+':
      return;
  }
}

function* attempt({ step, attempt: nth, outcome, ms, failure, measured }: AttemptJson): Generator<string> {
  const again = nth === 1 ? '' : ` (attempt ${nth})`;
  yield `── ${step}${again}: ${outcome} in ${ms} ms${failure === null ? '' : `: ${failure.message}`}`;
  for (const { name, value: v, unit, limits, outcome: own } of measured)
    yield `     ${own === 'PASS' ? ' ' : '✗'} ${name} = ${plain(v)}${unit === null ? '' : ` ${unit}`}${limits === '' ? '' : ` (${limits})`}`;
}

function fault({ code, message }: FaultJson): string {
  return `${message} (${code})`;
}

function value(v: Json | undefined): string {
  return v === undefined ? '' : ` ${plain(v)}`;
}

function plain(v: Json): string {
  return typeof v === 'string' ? v : JSON.stringify(v);
}

function time(ms: number): string {
  return ms.toFixed(1).padStart(9);
}
