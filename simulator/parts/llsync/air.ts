import type { DeviceContext } from '../../profiles/profile.ts';
import type { FaultNamed } from '../../faults/index.ts';
import type { BluetoothLink } from '../bluetooth/index.ts';
import type { Tasks } from '../tasks.ts';
import { type OutgoingMessage, slicesOf } from './framing.ts';

type AnswerFault = FaultNamed<'llsync-answer'>;
/** Answers that a fault may concern. */
export type LlsyncStage = AnswerFault['at'];

const SMALLEST_MTU = 23;
const ATT_BYTES = 3;
/** The MTU that the firmware asks for. */
const WANTED_MTU = 247;
const WANTS_MTU = 0x8000;
const VERSION = 2;
const FAILED = 1;

export const uuid = (short: string): string => `0000${short.toLowerCase()}65d04e20b56ae493541ba4e2`;

/** What the parts of the firmware share: the notifications with their faults, the MTU, the power. */
export class Air {
  readonly context: DeviceContext;
  readonly tasks: Tasks;
  /** What the unit answers when it is asked for its log. */
  log = 'no error';
  /** A central has connected and been let in. */
  isConnected = false;
  link: BluetoothLink | null = null;
  /** Fires at power-off; `null` without power. */
  power: AbortController | null = null;
  #payload = SMALLEST_MTU - ATT_BYTES;

  constructor(context: DeviceContext, tasks: Tasks) {
    this.context = context;
    this.tasks = tasks;
  }

  /** What one notification carries. */
  get payload(): number {
    return this.#payload;
  }

  disconnected(): void {
    this.isConnected = false;
    this.#payload = SMALLEST_MTU - ATT_BYTES;
  }

  /** The station reports the MTU of the connection: 0 as it was asked, FFFF failed. */
  setMtu(body: Buffer): void {
    if (body.length < 2) return;
    const reported = body.readUInt16BE(0);
    if (reported === 0xffff) return;
    const mtu = reported === 0 ? WANTED_MTU : Math.min(Math.max(SMALLEST_MTU, reported), WANTED_MTU);
    this.#payload = mtu - ATT_BYTES;
  }

  /** Event 08: version, the MTU that it asks for, and a text. */
  sayInfo(text: string): void {
    const mtu = WANTS_MTU | WANTED_MTU;
    const bytes = Buffer.from(text);
    const body = Buffer.concat([Buffer.of(VERSION, mtu >> 8, mtu & 0xff, bytes.length), bytes]);
    this.say('info', { type: 0x08, body });
  }

  /** A result of one byte; the fault makes a failure of it. */
  sayResult(stage: LlsyncStage, type: number, result: number): void {
    const isRefused = this.take(stage, 'refuse');
    if (isRefused) this.log = `refused: ${stage}`;
    this.say(stage, { type, body: Buffer.of(isRefused ? FAILED : result) });
  }

  /** Sends a message as the faults of the unit leave it. */
  say(stage: LlsyncStage, message: OutgoingMessage): void {
    if (this.take(stage, 'drop')) return this.breakConnections();
    if (this.take(stage, 'lose')) return;
    const slices = slicesOf(message, this.#payload);
    const [first, second] = slices;
    if (this.take(stage, 'garbage')) slices.unshift(Buffer.from('ff3fff00', 'hex'));
    if (first !== undefined && this.take(stage, 'repeat-slice')) slices.unshift(first);
    if (first !== undefined && second !== undefined && this.take(stage, 'misorder'))
      slices.splice(0, 2, second, first);
    for (const slice of slices) this.link?.notify(uuid('ffe3'), slice);
  }

  /** Whether the fault is to happen now. */
  take(stage: LlsyncStage, does: AnswerFault['does']): boolean {
    const { faults } = this.context;
    const fault = faults.get('llsync-answer');
    if (fault === null || fault.at !== stage || fault.does !== does) return false;
    return faults.take('llsync-answer') !== null;
  }

  breakConnections(): void {
    this.link?.breakConnections();
  }
}
