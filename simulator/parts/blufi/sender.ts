import { withDeadline } from '#node-kit/async/index.ts';
import type { DeviceContext } from '../../profiles/profile.ts';
import type { FaultNamed } from '../../faults/index.ts';
import type { BluetoothLink } from '../bluetooth/index.ts';
import { TYPE } from './dialect.ts';
import { closeFrame, type SessionKeys } from './frames.ts';

export type BlufiFault = FaultNamed<'blufi-answer'>;
/** Messages of the unit that a fault may concern. */
export type BlufiStage = BlufiFault['at'];

const NOTIFY = 'FF02';
const SMALLEST_VALUE = 20;
/** Head, number of what remains, checksum: the firmware keeps room for all of them in each frame. */
const OVERHEAD = 8;
const LONGEST_PIECE = 253;
/** A phone that does not confirm a frame is given up. */
const ACK_MS = 5_000;

/** Sends messages of the unit in frames, as its faults leave them. */
export class Sender {
  readonly #context: DeviceContext;
  #number = 0;
  #piece = SMALLEST_VALUE - OVERHEAD;
  #acknowledged: ((number: number) => void) | null = null;
  link: BluetoothLink | null = null;
  keys: SessionKeys | null = null;
  /** The byte of the security mode: in its low half what is done with data. */
  security = 0;

  constructor(context: DeviceContext) {
    this.#context = context;
  }

  /** A connection has begun or ended. `valueBytes`: what one notification carries. */
  reset(valueBytes = SMALLEST_VALUE): void {
    this.#number = 0;
    this.#piece = Math.min(Math.max(SMALLEST_VALUE, valueBytes) - OVERHEAD, LONGEST_PIECE);
    this.#acknowledged = null;
    this.keys = null;
    this.security = 0;
  }

  /** Whether the fault is to happen now. */
  take(stage: BlufiStage, does: BlufiFault['does']): BlufiFault | null {
    const { faults } = this.#context;
    const fault = faults.get('blufi-answer');
    return fault?.at === stage && fault.does === does ? faults.take('blufi-answer') : null;
  }

  /** The phone has confirmed a frame. */
  acknowledge(number: number): void {
    this.#acknowledged?.(number);
  }

  /** Confirmations and error reports are never protected. */
  sayPlain(type: number, code: number): void {
    this.#notify(
      this.#frame(type, Buffer.of(code), { isFragment: false, isData: false, wantsAck: false }).bytes,
    );
  }

  /** Sends a message of the kind data. */
  async say(stage: BlufiStage, type: number, body: Buffer, signal: AbortSignal): Promise<void> {
    if (this.take(stage, 'drop') !== null) return this.breakLink();
    if (this.take(stage, 'lose') !== null) return;
    const error = this.take(stage, 'error');
    if (error !== null) return this.sayPlain(TYPE.error, error.code);
    if (this.take(stage, 'garbage') !== null) this.#notify(Buffer.from('ff3f', 'hex'));
    if (this.take(stage, 'wrong-sequence') !== null) this.#number = (this.#number + 1) % 256;
    let loses = this.take(stage, 'lose-fragment') !== null;
    let isWrong = this.take(stage, 'wrong-checksum') !== null;
    const wantsAck = this.#context.faults.get('blufi-wants-acks') !== null;
    const pieces = piecesOf(body, this.#piece);
    for (const [index, data] of pieces.entries()) {
      const isFragment = index < pieces.length - 1;
      const { number, bytes } = this.#frame(type, data, { isFragment, isData: true, wantsAck });
      if (isWrong) bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 0xff, bytes.length - 1);
      isWrong = false;
      if (loses) loses = false;
      else if (!(await this.#deliver(number, bytes, wantsAck, signal))) return;
    }
  }

  breakLink(): void {
    this.link?.breakConnections();
  }

  /** False when the phone does not confirm the frame. */
  async #deliver(number: number, bytes: Buffer, wantsAck: boolean, signal: AbortSignal): Promise<boolean> {
    if (!wantsAck) {
      this.#notify(bytes);
      return true;
    }
    const confirmed = Promise.withResolvers<boolean>();
    this.#acknowledged = (acknowledged) => confirmed.resolve(acknowledged === number);
    this.#notify(bytes);
    return withDeadline(confirmed.promise, { timeoutMs: ACK_MS, signal, onTimeout: () => false });
  }

  #frame(
    type: number,
    body: Buffer,
    { isFragment, isData, wantsAck }: { isFragment: boolean; isData: boolean; wantsAck: boolean },
  ): { number: number; bytes: Buffer } {
    const number = this.#number;
    this.#number = (number + 1) % 256;
    const keys = isData && (this.security & 2) !== 0 ? this.keys : null;
    const isChecked = isData && (this.security & 1) !== 0;
    return { number, bytes: closeFrame({ type, number, body, isFragment, isChecked, wantsAck, keys }) };
  }

  #notify(bytes: Buffer): void {
    this.link?.notify(NOTIFY, bytes);
  }
}

/** The bodies of the frames of a message: each but the last begins with the number of bytes that remain. */
function piecesOf(body: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  let rest = body;
  while (rest.length > size) {
    const remaining = Buffer.alloc(2);
    remaining.writeUInt16LE(rest.length);
    pieces.push(Buffer.concat([remaining, rest.subarray(0, size)]));
    rest = rest.subarray(size);
  }
  return [...pieces, rest];
}
