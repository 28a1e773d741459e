import { Sequencer, withDeadline } from '#node-kit/async/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { counted } from '#shared/words/index.ts';
import type { ByteLink, Clock } from '../../core/platform/index.ts';
import { GLITCH_BYTES } from './readability.ts';

/** An echo is there as soon as the bytes are; a converter on the network may hold it back for so long. */
const LATE_MS = 1000;
/**
 * Who speaks while the unit speaks spoils both: a send waits until nothing has come for so long. A USB adapter delivers in
 * steps of up to 16 ms.
 */
const QUIET_MS = 20;
/** A unit that never stops is spoken to after so many of these waits. */
const MOST_UNREST = 50;
/** Of a character with start, parity and two stop bits. */
const BITS = 12;
const NEVER = new AbortController().signal;

/**
 * A port whose wire hands back every byte that is sent (`device.echo`), as a port that does not: a send ends when its
 * bytes have come back, and whoever listens gets everything but them. A glitch of the driver in front of them is left out,
 * too. One send is under way at a time, and none begins while something comes.
 *
 * Faults of `write` besides those of the port: `echo-missing`, after which each send faults so until the missing bytes
 * have come; `echo-changed`, after which nothing is heard until the next send.
 */
export function withoutEcho(port: ByteLink, clock: Clock, baudRate: number): ByteLink {
  let due: Echo | null = null;
  const sequencer = new Sequencer();
  let hasHeard = false;
  let isAboutToSend = false;
  port.onLost((fault) => due?.fail(fault));

  async function quiet(signal: AbortSignal): Promise<void> {
    isAboutToSend = true;
    try {
      for (let unrest = 0; hasHeard && unrest < MOST_UNREST; unrest++) {
        hasHeard = false;
        await clock.sleep(QUIET_MS, signal);
      }
    } finally {
      isAboutToSend = false;
    }
  }

  async function send(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    await quiet(signal);
    // Its bytes may still come: then they would be taken for the echo of this send.
    if (due?.state === 'coming') throw missing(port.path, due, 'an earlier send');
    const echo = new Echo(bytes);
    due = echo;
    const withinMs = LATE_MS + Math.ceil((bytes.length * BITS * 1000) / baudRate);
    await port.write(bytes, signal);
    await withDeadline(echo.back, { timeoutMs: withinMs, signal, timer: clock, onTimeout: () => undefined });
    if (echo.state === 'coming') throw missing(port.path, echo, 'what was sent', withinMs);
    if (echo.state === 'changed') throw changed(port.path, echo);
  }

  const { setLines } = port;
  return {
    path: port.path,
    write(bytes, signal) {
      if (bytes.length === 0) return port.write(bytes, signal);
      return sequencer.run(() => send(bytes, signal ?? NEVER), signal);
    },
    onBytes(listener) {
      if (listener === null) return port.onBytes(null);
      port.onBytes((bytes) => {
        const rest = due === null ? bytes : due.behind(bytes);
        hasHeard ||= rest.length > 0 || due?.state === 'changed';
        // What comes before the send is no answer to it.
        if (rest.length > 0 && !isAboutToSend) listener(rest);
      });
    },
    onLost: (listener) => port.onLost(listener),
    ...(setLines === undefined ? {} : { setLines: (lines) => setLines.call(port, lines) }),
    [Symbol.asyncDispose]: () => port[Symbol.asyncDispose](),
  };
}

const MISSING_HINT =
  'Check the adapter and the wires to it. If this wire hands nothing back, take device.echo out of the recipe.';
const CHANGED_HINT =
  'The unit, or another one on the bus, spoke at the same time, or the wires or the baud rate are wrong. If this wire hands nothing back, take device.echo out of the recipe.';

/** The bytes themselves are not told: they may be a secret. */
function missing(path: string, { right, sent }: Echo, of: string, withinMs?: number): Fault {
  const within = withinMs === undefined ? '' : ` in ${withinMs} ms`;
  const came = `${right} of ${counted(sent.length, 'byte')}`;
  return new Fault('echo-missing', `the echo of ${of} did not come on ${path}${within}: ${came}`, {
    hint: MISSING_HINT,
    details: { port: path, sent: sent.length, received: right },
  });
}

function changed(path: string, { right, sent }: Echo): Fault {
  const which = `byte ${right + 1} of ${sent.length}`;
  return new Fault('echo-changed', `the echo of what was sent came changed on ${path}: ${which} is another`, {
    hint: CHANGED_HINT,
    details: { port: path, sent: sent.length, received: right },
  });
}

/** A beginning of what comes back: so many bytes of a glitch, then what was sent. */
interface Alignment {
  readonly skip: number;
  fits: boolean;
}

/** The bytes of one send on their way back. */
class Echo {
  readonly sent: Uint8Array;
  readonly #back = Promise.withResolvers<void>();
  readonly #alignments: Alignment[];
  #came = 0;
  state: 'coming' | 'back' | 'changed' = 'coming';
  /** So many of the bytes that were sent came back as they were. */
  right = 0;

  constructor(sent: Uint8Array) {
    this.sent = Uint8Array.from(sent);
    this.#alignments = Array.from({ length: GLITCH_BYTES + 1 }, (_, skip) => ({ skip, fits: true }));
    this.#back.promise.catch(() => undefined);
  }

  /** Resolves when all are back. Faults: what `fail` was told. */
  get back(): Promise<void> {
    return this.#back.promise;
  }

  fail(fault: Fault): void {
    this.#back.reject(fault);
  }

  /** What of these bytes comes behind the echo: nothing until it is back, and nothing when it came changed. */
  behind(bytes: Uint8Array): Uint8Array {
    let at = 0;
    while (at < bytes.length && this.state === 'coming') this.#take(bytes[at++] ?? 0);
    return this.state === 'back' ? bytes.subarray(at) : new Uint8Array();
  }

  #take(byte: number): void {
    const place = this.#came++;
    for (const alignment of this.#alignments) {
      const { skip } = alignment;
      alignment.fits &&= place < skip ? byte === 0 || byte === 0xff : byte === this.sent[place - skip];
      if (alignment.fits) this.right = Math.max(this.right, this.#came - skip);
    }
    if (this.right === this.sent.length) {
      this.state = 'back';
      this.#back.resolve();
    } else if (!this.#alignments.some(({ fits }) => fits)) this.state = 'changed';
  }
}
