import { withDeadline } from '#node-kit/async/index.ts';
import { createTextEncoder, type TextEncodingName } from '#shared/codec/text-encoding.ts';
import { LineReader } from '#shared/codec/text-lines.ts';
import { AT_LINE_END, describeAtCode } from '#shared/domain/at-module.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { ByteLink, Clock } from '../../../core/platform/index.ts';
import { ONLY_ECHO, quoted, Readability, silent, unreadable } from '../../serial-io/index.ts';
import { KeptLines } from './unsolicited-lines.ts';
import { type FinalReply, readFinal } from './replies.ts';

/** A module that floods without a line end must not fill the memory. */
const LONGEST_LINE = 8192;
/** Told of what is heard and not understood. */
const FIRST_BYTES = 256;
const KEPT_CHARACTERS = 16_384;

/** A module that never stops talking is spoken to all the same. */
const LONGEST_UNREST_MS = 2000;

export interface ExchangeOptions {
  readonly timeoutMs: number;
  /** Wait, after `OK`, for this asynchronous result (`+TCMQTTCONN:OK`), named without the plus. */
  readonly result?: string;
  /**
   * What a line of the answer looks like. An `OK` without one is that of an earlier question, answered late, and does
   * not end this one.
   */
  readonly answer?: RegExp;
}

/** Lines of AT commands over a ByteLink: one command at a time, replies parsed tolerantly. */
export interface AtChannel {
  /**
   * Sends a command and waits for its end. Returns the lines between, without echo and final lines.
   * Faults: `device-silent` after `timeoutMs` without an end, `device-unreadable` when only noise came, `device-rejected` with the code's meaning,
   * `port-lost`, or the signal's reason. `shown` replaces the command in faults when it holds a secret.
   */
  exchange(command: string, options: ExchangeOptions, signal: AbortSignal, shown?: string): Promise<string[]>;
  /** Waits until nothing has come for `ms`, so that no late line is taken for the next answer; not forever. */
  quiet(ms: number, signal: AbortSignal): Promise<void>;
  /** From now on these are hidden in every line that comes back, echoes included. */
  protect(secrets: readonly string[]): void;
}

export function createAtChannel(
  link: ByteLink,
  clock: Clock,
  encoding: TextEncodingName = 'utf-8',
): AtChannel {
  const reader = new LineReader(encoding, LONGEST_LINE);
  const encode = createTextEncoder(encoding);
  let current: Heard | null = null;
  let onLine: ((line: string, noisy: boolean) => void) | null = null;
  let onLost: ((fault: Fault) => void) | null = null;
  let lost: Fault | null = null;
  const hidden: string[] = [];
  let heard = 0;

  link.onBytes((bytes) => {
    heard += 1;
    if (current !== null) {
      current.first = Buffer.concat([current.first, bytes]).subarray(0, FIRST_BYTES);
      current.heardBytes += bytes.length;
    }
    for (const line of reader.push(bytes)) {
      current?.readability.add(line);
      onLine?.(line.text.trim(), line.noise > 0);
    }
  });
  link.onLost((fault) => {
    lost = fault;
    onLost?.(fault);
  });

  return {
    async quiet(ms, signal) {
      const deadlineMs = clock.monotonicMs() + LONGEST_UNREST_MS;
      for (let before = -1; before !== heard && clock.monotonicMs() < deadlineMs;) {
        before = heard;
        await clock.sleep(ms, signal);
      }
    },
    protect: (secrets) => void hidden.push(...secrets.filter((secret) => secret !== '')),
    async exchange(command, options, signal, shown = command) {
      throwIfAborted(signal);
      if (lost !== null) throw lost;
      const heardSoFar: Heard = {
        lines: new KeptLines(KEPT_CHARACTERS),
        isAnswered: options.answer === undefined,
        accepted: false,
        echoed: false,
        heardBytes: 0,
        first: new Uint8Array(),
        readability: new Readability(),
      };
      current = heardSoFar;
      const answered = collect(command, options, shown, heardSoFar);
      // A command that could not be sent fails before its end is waited for.
      answered.catch(() => undefined);
      const onTimeout = (): string[] => {
        // The module is there and says OK, but not what was asked for: the caller has words for that.
        if (heardSoFar.accepted && options.result === undefined) return heardSoFar.lines.all;
        if (heardSoFar.readability.isUnreadable(reader.begun))
          throw unreadable({ path: link.path, encoding, ...heardSoFar }, shown, 'no text');
        throw silent(link, shown, options.timeoutMs, instead(heardSoFar, command));
      };
      // A port that takes no bytes (flow control, a stuck adapter) must not outlast the time limit either.
      const send = async (): Promise<string[]> => {
        const bytes = encode(command + AT_LINE_END);
        if (bytes === null) throw unwritable(shown);
        await link.write(bytes, signal);
        return await answered;
      };
      try {
        return await withDeadline(send, { timeoutMs: options.timeoutMs, signal, timer: clock, onTimeout });
      } finally {
        current = null;
        onLine = null;
        onLost = null;
      }
    },
  };

  /** What came and is no answer, as the end of a sentence. Half of a line may hold half of a secret, which nothing hides. */
  function instead({ lines, echoed }: Heard, command: string): string {
    const begun = oneBlank(reader.begun.text);
    const told = [...lines.all, ...(hidden.length === 0 && begun !== command ? [begun] : [])].filter(
      (line) => line !== '',
    );
    if (told.length > 0) return `only this came: ${quoted(told.join('\n'))}`;
    return echoed || begun === command ? ONLY_ECHO : '';
  }

  function collect(command: string, options: ExchangeOptions, shown: string, so: Heard): Promise<string[]> {
    const { result, answer } = options;
    return new Promise((resolve, reject) => {
      onLost = reject;
      onLine = (received, noisy) => {
        so.echoed ||= received === command;
        if (received === '' || received === command) return;
        const line = hidden.reduce((text, secret) => text.replaceAll(secret, '***'), received);
        const final = readFinal(oneBlank(line), result, noisy);
        if (final === null) {
          so.isAnswered ||= answer?.test(line) ?? false;
          so.lines.add(line);
        } else if (final.kind === 'error') reject(rejected(shown, final));
        else {
          so.accepted = true;
          // Some firmware sends the result line before the OK, or no OK at all: the result decides.
          const over = final.kind === 'done' || result === undefined;
          if (over && so.isAnswered) resolve(so.lines.all);
        }
      };
    });
  }
}

/** What came in an exchange so far. */
interface Heard {
  readonly lines: KeptLines;
  /** A line looked as the answer does. */
  isAnswered: boolean;
  accepted: boolean;
  /** The command came back. */
  echoed: boolean;
  heardBytes: number;
  first: Uint8Array;
  readonly readability: Readability;
}

// eslint-disable-next-line no-control-regex -- removes control characters between the words of a reply
const UNPRINTABLE = /[\u0000-\u001f\u007f]+/g;

/** How a command ended is read by its words: noise between them is as good as a blank. In an answer it stays. */
function oneBlank(line: string): string {
  return line.replace(UNPRINTABLE, ' ').trim();
}

function unwritable(shown: string): Fault {
  return new Fault('recipe-invalid', `${shown} cannot be written in the encoding of this device`, {
    hint: 'See device.serial.encoding of the recipe.',
  });
}

function rejected(shown: string, final: Extract<FinalReply, { kind: 'error' }>): Fault {
  const meaning = final.code === null ? null : describeAtCode(final.code);
  const said = final.code === null ? final.text : `error ${final.code}`;
  return new Fault(
    'device-rejected',
    `the unit refused ${shown}: ${said}${meaning === null ? '' : ` (${meaning})`}`,
    {
      hint: 'Try once more; when it stays so, the unit is faulty.',
      details: { command: shown, code: final.code },
    },
  );
}
