import { withDeadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { BleConnection, BleLimits, Clock } from '../../../../core/platform/index.ts';
import { MIN_REVEALING_LENGTH, SecretMask } from '../../../../core/secret-mask/index.ts';
import type { BleLink } from '../ble-provisioning.ts';
import { EVENT } from './message-types.ts';
import { encodeMessage, MIN_SLICE_BYTES, type LlsyncMessage, SliceReader } from './slices.ts';
import { CHARACTERISTICS } from './uuids.ts';

/** Messages of the unit that nothing has awaited yet; a unit that says more loses the oldest. */
const MAX_KEPT = 64;
/** ATT header of a write or notification. */
const ATT_HEADER_BYTES = 3;
/** No value is longer, so that every stack takes it in one write. */
const MAX_SLICE_BYTES = 240;
const WRITE_TIMEOUT_MS = 5000;
/** Type and length. */
const SLICE_HEADER_BYTES = 3;

export interface LlsyncLinkOptions extends BleLink {
  /** UUID of the service that the unit has, 128 bits. */
  readonly service: string;
}

/** One message to await. */
export interface Awaited {
  readonly types: readonly number[];
  readonly timeoutMs: number;
  /** What the station waits for, for messages: "an answer to the Wi-Fi mode". */
  readonly what: string;
  /** Which of the messages with these types; all when left out. */
  readonly fits?: (message: LlsyncMessage) => boolean;
}

/** How bytes are written. */
export interface WriteOptions {
  /** The bytes hold a secret or a piece of firmware: a recording has asterisks instead. */
  readonly secret?: boolean;
}

/** The connection to one unit in messages of LLSync. Faults of every method: those of `BleConnection`, the signal's reason. */
export class LlsyncLink implements Disposable {
  readonly connection: BleConnection;
  readonly clock: Clock;
  readonly #service: string;
  readonly #mask: NonNullable<BleLink['mask']>;
  readonly #reader = new SliceReader(repeatedBytes);
  readonly #kept: LlsyncMessage[] = [];
  #subscription: Disposable | null = null;
  #sliceBytes = MIN_SLICE_BYTES;
  #garbage: string | null = null;
  /** Values that came while a text was awaited that may have a secret. */
  #held: Uint8Array[] | null = null;
  #lost: Fault | null = null;
  #changed: () => void = () => undefined;

  private constructor({ connection, clock, mask, service }: LlsyncLinkOptions) {
    this.connection = connection;
    this.clock = clock;
    this.#service = service;
    this.#mask = mask ?? new SecretMask();
    connection.onLost((fault) => {
      this.#lost = fault;
      this.#changed();
    });
  }

  /** Subscribes to what the unit says. */
  static async open(options: LlsyncLinkOptions, signal: AbortSignal): Promise<LlsyncLink> {
    const link = new LlsyncLink(options);
    const limits = link.#limits(signal);
    link.#subscription = await options.connection.subscribe(
      options.service,
      CHARACTERISTICS.event,
      (value) => link.#receive(value),
      limits,
    );
    const mtu = await options.connection.mtu(limits);
    link.#sliceBytes = Math.min(Math.max(MIN_SLICE_BYTES, mtu - ATT_HEADER_BYTES), MAX_SLICE_BYTES);
    return link;
  }

  /** What one write carries. */
  get sliceBytes(): number {
    return this.#sliceBytes;
  }

  /** Writes bytes to FFE1 as they are: a request without length. */
  async request(bytes: readonly number[], signal: AbortSignal): Promise<void> {
    await this.#write(CHARACTERISTICS.deviceInfo, Uint8Array.from(bytes), {}, signal);
  }

  /** Writes a message, in slices where it is long. */
  async send(
    characteristic: 'deviceInfo' | 'data',
    type: number,
    data: Uint8Array,
    signal: AbortSignal,
    options: WriteOptions = {},
  ): Promise<void> {
    for (const slice of encodeMessage(type, data, this.#sliceBytes))
      await this.#write(CHARACTERISTICS[characteristic], slice, options, signal);
  }

  /** Writes bytes to FFE2 as they are. */
  async reply(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#write(CHARACTERISTICS.data, bytes, {}, signal);
  }

  /** Writes bytes to FFE4 without response. */
  async sendFirmware(
    bytes: Uint8Array,
    signal: AbortSignal,
    { secret = false }: WriteOptions = {},
  ): Promise<void> {
    const options = { ...this.#limits(signal), response: false, secret };
    await this.connection.write(this.#service, CHARACTERISTICS.ota, bytes, options);
  }

  /**
   * The oldest message that fits, also one that came before. Messages that do not fit are kept. Faults: `device-silent`,
   * `device-garbled` when something else than messages came.
   */
  async receive(awaited: Awaited, signal: AbortSignal): Promise<LlsyncMessage> {
    const { types, timeoutMs, what, fits = () => true } = awaited;
    const found = Promise.withResolvers<LlsyncMessage>();
    const look = (): void => {
      const at = this.#kept.findIndex((message) => types.includes(message.type) && fits(message));
      const [message] = at === -1 ? [] : this.#kept.splice(at, 1);
      if (message !== undefined) found.resolve(message);
      else if (this.#lost !== null) found.reject(lostWhile(this.#lost, what));
    };
    this.#changed = look;
    found.promise.catch(() => undefined);
    look();
    try {
      return await withDeadline(found.promise, {
        timeoutMs,
        signal,
        timer: this.clock,
        onTimeout: () => {
          throw this.#unanswered(what, timeoutMs);
        },
      });
    } finally {
      this.#changed = () => undefined;
    }
  }

  /** As `receive`; `null` when nothing came in time. */
  async receiveWithin(awaited: Awaited, signal: AbortSignal): Promise<LlsyncMessage | null> {
    try {
      return await this.receive(awaited, signal);
    } catch (error) {
      if (error instanceof Fault && error.code === 'device-silent') return null;
      throw error;
    }
  }

  /**
   * Asks for a text of the unit, in which its firmware may say a secret. A slice that has only a piece of one is recorded as
   * asterisks, because the mask does not know pieces. Returns the text with its secrets masked. Faults: as `receive`.
   */
  async askText(request: readonly number[], awaited: Awaited, signal: AbortSignal): Promise<string> {
    const hold = this.#mask.hold();
    const held: Uint8Array[] = [];
    this.#held = held;
    try {
      await this.request(request, signal);
      const { type, data } = await this.receive(awaited, signal);
      const cut = slicesWithPieces(held, type, data, this.#mask);
      hold.release((value) => !cut.some((one) => Buffer.compare(one, value) === 0));
      return this.#mask.maskText(Buffer.from(data).toString('utf8'));
    } finally {
      // Does nothing after a release.
      hold.discard();
      this.#held = null;
    }
  }

  /**
   * Asks for a message in which the unit repeats a name that is masked. A piece of the name that a slice has cut off is masked, too.
   * Faults: as `receive`.
   */
  async askNamed(
    request: readonly number[],
    awaited: Awaited,
    name: string,
    signal: AbortSignal,
  ): Promise<LlsyncMessage> {
    const hold = this.#mask.hold();
    const held: Uint8Array[] = [];
    this.#held = held;
    try {
      await this.request(request, signal);
      return await this.receive(awaited, signal);
    } finally {
      for (const piece of piecesIn(held, Buffer.from(name))) this.#mask.conceal(piece);
      hold.release(() => true);
      this.#held = null;
    }
  }

  /** Takes the messages of a type that came before; whether there were any. */
  takeKept(type: number): boolean {
    const before = this.#kept.length;
    this.forget(type);
    return this.#kept.length < before;
  }

  /** Forgets what came before: the next `receive` waits for what follows. */
  forget(type: number): void {
    for (let at = this.#kept.length - 1; at >= 0; at--)
      if (this.#kept[at]?.type === type) this.#kept.splice(at, 1);
  }

  [Symbol.dispose](): void {
    this.#subscription?.[Symbol.dispose]();
  }

  #receive(value: Uint8Array): void {
    this.#held?.push(value);
    const received = this.#reader.push(value);
    if (received.kind === 'garbage')
      this.#garbage = `${Buffer.from(value).toString('hex').toUpperCase()}: ${received.reason}`;
    if (received.kind !== 'message') return;
    this.#kept.push(received.message);
    if (this.#kept.length > MAX_KEPT) this.#kept.shift();
    this.#changed();
  }

  async #write(
    characteristic: string,
    bytes: Uint8Array,
    { secret = false }: WriteOptions,
    signal: AbortSignal,
  ): Promise<void> {
    // What comes from now on may be the answer.
    this.#garbage = null;
    const options = { ...this.#limits(signal), response: true, secret };
    await this.connection.write(this.#service, characteristic, bytes, options);
  }

  #unanswered(what: string, timeoutMs: number): Fault {
    const { address } = this.connection;
    const garbage = this.#garbage;
    if (garbage !== null)
      return new Fault('device-garbled', `${address} sent no ${what}, but ${garbage}`, {
        hint: 'Test it again; when it stays so, the firmware of the unit does not speak LLSync.',
        details: { address },
      });
    return new Fault('device-silent', `${address} sent no ${what} over Bluetooth in ${timeoutMs} ms`, {
      hint: 'Test it again; when it stays silent, the unit is faulty.',
      details: { address, timeoutMs },
    });
  }

  #limits(signal: AbortSignal): BleLimits {
    return { timeoutMs: WRITE_TIMEOUT_MS, signal };
  }
}

/** The slices whose secrets are seen in the whole message only; all when the slices do not make up the message. */
function slicesWithPieces(
  held: readonly Uint8Array[],
  type: number,
  data: Uint8Array,
  mask: NonNullable<BleLink['mask']>,
): readonly Uint8Array[] {
  const slices = held.filter((value) => value[0] === type);
  const contents = slices.map((value) => value.subarray(SLICE_HEADER_BYTES));
  if (Buffer.compare(Buffer.concat(contents), data) !== 0) return slices;
  const whole = mask.maskBytes(data);
  let at = 0;
  return slices.filter((_, index) => {
    const content = contents[index] ?? new Uint8Array();
    const inWhole = whole.subarray(at, at + content.length);
    at += content.length;
    return !isMaskedAlone(content, inWhole, mask);
  });
}

/** Bytes after a slice that do not continue a secret: at most one of them can. */
const ENDS = [0x00, 0xff];

/** Whether the recording finds in a slice what the mask finds in the whole message. The beginning of a secret at its end is not found. */
function isMaskedAlone(
  content: Uint8Array,
  inWhole: Uint8Array,
  mask: NonNullable<BleLink['mask']>,
): boolean {
  return ENDS.every((end) => {
    const masked = mask.maskBytes(Uint8Array.of(...content, end)).subarray(0, content.length);
    return Buffer.compare(masked, inWhole) === 0;
  });
}

/** The parts of a secret that slices have cut off and that reveal something, each once. */
function piecesIn(slices: readonly Uint8Array[], secret: Buffer): readonly Buffer[] {
  const pieces = slices.flatMap((slice) => {
    const piece = pieceOf(secret, Buffer.from(slice.subarray(SLICE_HEADER_BYTES)));
    return piece === null ? [] : [[piece.toString('latin1'), piece] as const];
  });
  return [...new Map(pieces).values()];
}

/** The first part of a secret in some content; `null` when it has none, or the whole, which the mask finds. */
function pieceOf(secret: Buffer, content: Buffer): Buffer | null {
  if (content.includes(secret)) return null;
  for (let at = 0; at + MIN_REVEALING_LENGTH <= secret.length; at++) {
    let end = at + MIN_REVEALING_LENGTH;
    if (!content.includes(secret.subarray(at, end))) continue;
    while (end < secret.length && content.includes(secret.subarray(at, end + 1))) end += 1;
    return secret.subarray(at, end);
  }
  return null;
}

/** Bytes that the unit repeats in front of each slice: the id of an event; result and id of an action. */
function repeatedBytes(type: number): number {
  if (type === EVENT.post) return 1;
  return type === EVENT.actionReply ? 2 : 0;
}

function lostWhile({ code, message, hint, details }: Fault, what: string): Fault {
  const text = `${message}, while the station awaited ${what}`;
  return new Fault(code, text, hint === null ? { details } : { hint, details });
}
