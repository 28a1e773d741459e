import { abortFault, type Fault } from '#shared/domain/fault.ts';
import type { ByteLink, Clock } from '../../core/platform/index.ts';
import { toFaultJson } from './fault-json.ts';
import { type Entry, FORMAT, type Header, type Json, portStream } from './format.ts';
import { LineFile } from './line-file.ts';
import { MaskedStream, type Settled } from './masked-stream.ts';
import { recordedClock } from './recorded-clock.ts';
import { maskJson, secretForms } from './secret-forms.ts';
import { linesQuestion, type Question, type Said, type Tape } from './run-io.ts';

/**
 * A long run with all its firmware takes a few MB. A unit that talks without end gets no more than this, and its run goes
 * on: what it is judged by is in the ledger.
 */
const MOST_CHARACTERS = 16 * 1024 * 1024;
/** What is kept all the same, so that a recording says how its run went on: as much as the ledger has of it. */
const ALWAYS: readonly Entry['d'][] = ['#', 'r', 'v', '!'];

/** The tape that keeps what happens, in a file: see `format.ts`. */
export interface Recorder extends Tape {
  /** The wire to the unit, recorded as port 0. */
  wrap(link: ByteLink): ByteLink;
}

/** An entry without the times, which every line gets. */
type Untimed<E> = E extends Entry ? Omit<E, 'ms' | 'c' | 'wall'> : never;

/**
 * One file per run. Every line is on its way to the disk before what it tells goes on, so that a killed station
 * leaves everything. Faults: `disk-full`, `file-denied`, here and from sending on, never silently.
 */
export function createRecorder(
  file: string,
  header: Omit<Header, 'gongwei'> & Readonly<Record<string, unknown>>,
  clock: Clock,
): Recorder {
  const lines = new LineFile(file);
  const time = recordedClock(clock, header.at ?? clock.nowMs(), (n, ms) => void line({ d: 't', n, for: ms }));
  const given: string[] = [];
  let forms: Uint8Array[] = [];
  /** What a secret looks like in words. */
  let words: string[] = [];
  const streams = new Map<string, MaskedStream>();
  const watched: (() => void)[] = [];
  lines.write({ gongwei: FORMAT, ...header });
  // The recipe in it may be of any size.
  const most = lines.characters + MOST_CHARACTERS;
  let isFull = false;

  /** Writes a line whose words were looked through for secrets already, or have none. */
  function raw(entry: Untimed<Entry>): number {
    if (!keeps(entry.d)) return lines.lines;
    return lines.write({ ms: time.tick(), ...entry, ...time.reads() });
  }
  /** False for what has no room any more; the first time it says so. */
  function keeps(d: Entry['d']): boolean {
    if (!isFull && lines.characters > most) {
      isFull = true;
      settleAll();
      lines.write({ ms: time.tick(), d: 'c', after: MOST_CHARACTERS });
    }
    if (!isFull || ALWAYS.includes(d)) return true;
    // What the clock answered is told with the next line, and must not pile up until there is one.
    time.reads();
    return false;
  }
  function line(entry: Untimed<Entry>): number {
    // Looking for secrets in what is not kept would be for nothing.
    if (!keeps(entry.d)) return lines.lines;
    return raw(maskJson(entry, words));
  }
  /** Writes a line with bytes of a stream. */
  function bytes(entry: Untimed<Entry>, name: string, chunk: Uint8Array): number {
    if (!keeps(entry.d)) return lines.lines;
    const stream = streamOf(name);
    const { own, held, ...settled } = stream.push(lines.lines, chunk);
    const written = {
      ...maskJson(entry, words),
      ...(/^[<>]\d*$/.test(name) ? {} : { s: name }),
      b: latin1(own),
      ...(held === 0 ? {} : { h: held }),
    };
    const at = raw(written as Untimed<Entry>);
    settle(name, settled);
    return at;
  }
  function settle(name: string, { late, masked }: Settled): void {
    const ms = time.tick();
    for (const { of, bytes: own } of late) lines.write({ ms, d: '+', of, b: latin1(own) });
    for (const found of masked) lines.write({ ms, d: '*', s: name, ...found });
  }
  function settleAll(): void {
    for (const [name, stream] of streams) settle(name, stream.settle());
  }
  function streamOf(name: string): MaskedStream {
    const known = streams.get(name);
    if (known !== undefined) return known;
    const stream = new MaskedStream(forms);
    streams.set(name, stream);
    return stream;
  }
  function answer(entry: Untimed<Entry>, name: string, { v, bytes: own }: Said): void {
    const whole = v === undefined ? entry : { ...entry, v };
    if (own === undefined) line(whole);
    else bytes(whole, name, own);
  }
  /** What is on the disk now is all there is to be. */
  function requireWhole(): void {
    lines.flush();
    if (lines.broken !== null) throw lines.broken;
  }

  function link(port: number, path: string, real: ByteLink | null): ByteLink {
    if (real === null) throw new Error('nothing to record');
    const at = port === 0 ? {} : { p: port };
    const lostListeners: ((fault: Fault) => void)[] = [];
    let lost: Fault | null = null;
    real.onLost((fault) => {
      lost = fault;
      line({ d: 'x', ...at, fault: toFaultJson(fault) });
      for (const tell of lostListeners) tell(fault);
    });
    return {
      path,
      async write(chunk, signal) {
        const of = bytes({ d: '>', ...at }, portStream('>', port), chunk);
        // What could not be recorded is not sent either.
        requireWhole();
        const before = lines.lines;
        try {
          await real.write(chunk, signal);
        } catch (error) {
          line({ d: 'w', of, fault: toFaultJson(error) });
          throw error;
        }
        if (lines.lines !== before) line({ d: 'w', of });
      },
      onBytes(listener) {
        if (listener === null) return real.onBytes(null);
        real.onBytes((chunk) => {
          bytes({ d: '<', ...at }, portStream('<', port), chunk);
          listener(chunk);
        });
      },
      onLost(listener) {
        if (lost !== null) listener(lost);
        else lostListeners.push(listener);
      },
      ...(real.setLines === undefined
        ? {}
        : {
            async setLines(set) {
              await ask(linesQuestion(port, set), async () => {
                await real.setLines?.(set);
                return {};
              });
            },
          }),
      [Symbol.asyncDispose]: () => real[Symbol.asyncDispose](),
    };
  }

  async function ask(
    { kind, key, how, bytes: sent, stream = kind }: Question,
    really: (tell: (said: Said) => void) => Promise<Said>,
    hear: (said: Said) => boolean = () => false,
  ): Promise<Said> {
    const asked = { d: '?' as const, k: kind, key, ...(how === undefined ? {} : { how }) };
    const of = sent === undefined ? line(asked) : bytes(asked, `>${stream}`, sent);
    requireWhole();
    const back = `<${stream}`;
    try {
      const said = await really((heard) => {
        answer({ d: '~', of }, back, heard);
        hear(heard);
      });
      answer({ d: '=', of }, back, said);
      return said;
    } catch (error) {
      line({ d: '=', of, fault: toFaultJson(error) });
      throw error;
    }
  }

  function input<T extends Json>(k: string, key: string, take: () => T): T {
    try {
      const v = take();
      line({ d: 'i', k, key, v });
      return v;
    } catch (error) {
      line({ d: 'i', k, key, fault: toFaultJson(error) });
      throw error;
    }
  }

  return {
    clock: time.clock,
    link,
    wrap: (real) => link(0, real.path, real),
    ask,
    input,
    watch(signal) {
      const note = (): void => void line({ d: '!', fault: toFaultJson(abortFault(signal)) });
      if (signal.aborted) note();
      else signal.addEventListener('abort', note, { once: true });
      watched.push(() => signal.removeEventListener('abort', note));
      return signal;
    },
    protect(secrets) {
      settleAll();
      given.push(...secrets.filter((secret) => secret !== '' && !given.includes(secret)));
      forms = given.flatMap(secretForms);
      words = [...new Set(forms.map(latin1))];
      for (const stream of streams.values()) stream.protect(forms);
    },
    mark: (text) => void line({ d: '#', b: text, n: time.waits() }),
    note: (text) => void line({ d: 'n', b: text }),
    busy: () => ({ [Symbol.dispose]: () => undefined }),
    attempt: (r) => void line({ d: 'r', r, n: time.waits() }),
    verdict: ({ outcome, failure }) => void line({ d: 'v', outcome, failure }),
    check() {
      settleAll();
      requireWhole();
    },
    [Symbol.dispose]() {
      for (const forget of watched) forget();
      settleAll();
      lines[Symbol.dispose]();
    },
  };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
