/**
 * The API of a script beside a recipe. Copy this file into the folder of your recipes (or name it in the `types` of a
 * tsconfig.json) and an editor completes and checks your scripts. A script has this, the language, `console`, `setTimeout`
 * and `clearTimeout`, and nothing else. See docs/recipes.md.
 */
declare module 'gongwei/script' {
  /** What the unit answered: the whole match, its named groups, its numbered groups. */
  export interface Answer {
    readonly text: string;
    readonly groups: Readonly<Record<string, string>>;
    readonly captures: readonly string[];
  }

  export interface Expecting {
    /** On whole lines unless `wholeLines` is false. Flags of a RegExp are not used: it is always `m` and `u`. */
    readonly expect: RegExp | string;
    /** Milliseconds; 3000 when left out. */
    readonly withinMs?: number;
    readonly wholeLines?: boolean;
  }

  export interface Sending {
    /** What follows a text; `crlf` when left out. Bytes are sent as they are. */
    readonly end?: 'crlf' | 'lf' | 'cr' | 'none';
  }

  /** A frame that the unit sent: its payload as bytes and as upper-case hex, with the groups of the pattern in the hex. */
  export interface FrameAnswer extends Answer {
    readonly payload: Uint8Array;
  }

  /** Where to stop reading: exactly one of `count`, `until`, `quietMs`. */
  export interface Reading {
    /** So many bytes, 65536 at most. */
    readonly count?: number;
    /** Up to these bytes, and with them. */
    readonly until?: Uint8Array;
    /** Until nothing has come for so long. */
    readonly quietMs?: number;
    /** Milliseconds; 3000 when left out. With `quietMs`: until the first byte. */
    readonly withinMs?: number;
  }

  /**
   * The unit on the slot. Every call ends by its own time or with the step; a call that fails throws an Error whose
   * `code` is that of the fault: `device-silent`, `device-unreadable` (noise), `limit-exceeded` (something else came),
   * `device-garbled` (a wrong checksum, bytes that are no text), `port-lost`, `echo-missing` and `echo-changed` (the wire
   * did not hand back what was sent, with `device.echo` of the recipe), …
   *
   * What the unit has said since the last send has three views: lines of text, frames (as `device.frames` of the recipe
   * describes them), and all bytes as they came. Each call takes from its own view. Calls that wait at the same time
   * (`Promise.race`, `Promise.all`) all see the same.
   */
  export interface Device {
    /** A text in the encoding of the recipe, or bytes as they are. */
    send(data: string | Uint8Array, options?: Sending): Promise<void>;
    expect(expected: RegExp | string, options?: Omit<Expecting, 'expect'>): Promise<Answer>;
    request(data: string | Uint8Array, options: Expecting & Sending): Promise<Answer>;
    /** A payload, as bytes or as hex; length and checksum are put around it. */
    sendFrame(payload: Uint8Array | string): Promise<void>;
    /** A frame whose payload in upper-case hex matches. */
    expectFrame(expected: RegExp | string, options?: { readonly withinMs?: number }): Promise<FrameAnswer>;
    requestFrame(
      payload: Uint8Array | string,
      options: { readonly expect: RegExp | string; readonly withinMs?: number },
    ): Promise<FrameAnswer>;
    /** Bytes as they came, frames and noise too. */
    read(reading: Reading): Promise<Uint8Array>;
    /** An AT command; the lines of its answer. Only for devices of profile `at-module`. */
    at(command: string, options?: { readonly withinMs?: number }): Promise<readonly string[]>;
    setLines(lines: {
      readonly dtr?: boolean;
      readonly rts?: boolean;
      readonly breakMs?: number;
    }): Promise<void>;
  }

  /** The board of the fixture, as `device.board` of the recipe says. Throws `not-configured` where there is none. */
  /** Bluetooth to the unit on the slot; the first call connects. UUIDs have 16 or 128 bits, values at most 512 bytes. */
  export interface Ble {
    read(
      service: string,
      characteristic: string,
      options?: { readonly withinMs?: number },
    ): Promise<Uint8Array>;
    /** With `confirm: false` the unit does not confirm the write. */
    write(
      service: string,
      characteristic: string,
      data: string | Uint8Array,
      options?: { readonly confirm?: boolean; readonly withinMs?: number },
    ): Promise<void>;
    /** Subscribes and promises the next notification or indication. */
    notified(
      service: string,
      characteristic: string,
      options?: { readonly withinMs?: number },
    ): Promise<Uint8Array>;
    /** Writes, and promises the next notification of the characteristic `notify`. */
    request(
      service: string,
      characteristic: string,
      data: string | Uint8Array,
      options: { readonly notify: string; readonly confirm?: boolean; readonly withinMs?: number },
    ): Promise<Uint8Array>;
    /** The MTU of the connection in bytes. */
    mtu(): Promise<number>;
  }

  export interface Board {
    /** The relay that powers this unit. `cycle` is off, `offMs` (1000), on; then `settleMs`, the board's own when left out. */
    power(
      to: 'on' | 'off' | 'cycle',
      options?: { readonly offMs?: number; readonly settleMs?: number },
    ): Promise<void>;
    /** Another relay, which the step names under `relays`. */
    relay(channel: number, on: boolean): Promise<void>;
    /** Level of an input; the slot's own when left out. */
    pin(pin?: number): Promise<0 | 1>;
  }

  /**
   * An instrument of the station, which the step names under `instruments`. Texts end as its setting says. Calls throw
   * `instrument-unreachable`, `instrument-silent` or `instrument-error` (its error queue, or an answer that cannot be read).
   */
  export interface Instrument {
    send(data: string | Uint8Array): Promise<void>;
    expect(expected: RegExp | string, options?: Omit<Expecting, 'expect'>): Promise<Answer>;
    request(data: string | Uint8Array, options: Expecting): Promise<Answer>;
    /** Asks a question; the line of its answer. */
    query(question: string, options?: { readonly withinMs?: number }): Promise<string>;
    /** Asks a question that is answered by a definite-length block (IEEE 488.2); its bytes, 65000 at most. */
    block(
      question: string,
      options?: { readonly withinMs?: number; readonly maxBytes?: number },
    ): Promise<Uint8Array>;
    /** Bytes as they came. */
    read(reading: Reading): Promise<Uint8Array>;
  }

  export interface Limits {
    readonly min?: number;
    readonly max?: number;
    readonly above?: number;
    readonly below?: number;
    readonly within?: { readonly of: number; readonly percent: number };
    readonly equals?: string | number | boolean;
    readonly pattern?: string;
    readonly marginal?: { readonly min?: number; readonly max?: number };
  }

  export interface Question {
    readonly kind: 'pass-fail' | 'confirm' | 'text' | 'number' | 'choice';
    /** Both languages, or one text for both. */
    readonly ask: string | { readonly 'zh-CN': string; readonly en: string };
    readonly choices?: readonly {
      readonly value: string;
      readonly title: { readonly 'zh-CN': string; readonly en: string };
    }[];
    /** How long somebody has to answer; five minutes when left out. */
    readonly answerMs?: number;
  }

  export interface Script {
    readonly device: Device;
    readonly ble: Ble;
    readonly board: Board;
    instrument(name: string): Instrument;
    /**
     * Records a value. The step fails at its end when one is outside its limits, so that everything is measured; the
     * promise says whether this one was inside. A number beyond ±9007199254740991 is refused, because it may not be the
     * one that the unit said: give the text.
     */
    measure(
      name: string,
      value: string | number | boolean,
      options?: { readonly unit?: string; readonly limits?: Limits },
    ): Promise<boolean>;
    /** Asks the person at the slot: `pass` or `fail`, `ok`, the text, the number as text, the value of the choice. */
    prompt(question: Question): Promise<string>;
    /** A remark in the recording. */
    log(text: string): Promise<void>;
    /** Sets a variable of the recipe, which the step names under `sets`. */
    set(name: string, value: string | number | boolean): Promise<void>;
    /** Ends the step as the unit's failure, in your words. */
    fail(message: string): never;
    wait(ms: number): Promise<void>;
    /** What the step says under `with`. */
    readonly options: Readonly<Record<string, string | number | boolean>>;
    readonly unit: {
      readonly serialNumber: string | null;
      /** MAC or chip id: upper-case hex without separators. */
      readonly chipId: string | null;
      readonly model: string | null;
      readonly firmwareVersion: string | null;
      readonly deviceName: string | null;
      /**
       * Keeps a file with the run: a text or bytes, 12 MiB at most. Promises the name that it got: without folders, and with a
       * number when the run has one of that name. `type` decides between kinds of text only; the bytes decide the rest. Secrets
       * of the unit in a text become asterisks. Throws `attachment-refused` for bytes with a secret in them, for a file that is
       * too large, and for the 33rd of a run; `disk-full`.
       */
      attach(name: string, data: string | Uint8Array, options?: { readonly type?: string }): Promise<string>;
    };
  }

  /** The default export of a script. */
  export function defineScript(body: (script: Script) => Promise<void>): (script: Script) => Promise<void>;
}
