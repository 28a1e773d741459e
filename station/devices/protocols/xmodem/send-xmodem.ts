import { throwIfAborted, Fault } from '#shared/domain/fault.ts';
import type { DevicePort } from '../../../core/platform/index.ts';
import type { PortReader } from '../flashing/index.ts';
import { type BlockData, encodeBlock, splitBlocks, XMODEM } from './block.ts';

/** Transmissions of one block before the transfer is given up, and those without any answer. */
const MAX_TRANSMISSIONS = 10;
const MAX_SILENCES = 3;
/** A unit may erase its flash before it answers a block. */
const REPLY_TIMEOUT_MS = 10_000;
/** Time for the second answer to a block that was sent twice, and for the rest of disturbed bytes. */
const STRAY_ANSWER_MS = 500;
const STRAY_LIMIT_MS = 5_000;
/** Receivers discard what comes while they ask for the first block. */
const ASK_PAUSE_MS = 50;
/** A `C` that comes sooner was sent before the unit had the first block. */
const LATE_START_MS = 500;

export interface XmodemTransfer {
  readonly port: DevicePort;
  readonly reader: PortReader;
  readonly bytes: Uint8Array;
  /** See `splitBlocks`. */
  readonly tail: 'long' | 'short';
  /** How long the unit may take to ask for the first block. */
  readonly startTimeoutMs: number;
  readonly nowMs: () => number;
  readonly trace: (line: string) => void;
  readonly onSent: (bytes: number) => void;
}

type Reply = 'ack' | 'repeat' | 'start';

/**
 * Sends a file to a receiver that asks for blocks with CRC, and resolves when it acknowledged the end. A receiver refuses a
 * block whose number it does not expect, so that an answer that belongs to an earlier block cannot hide a lost one; the
 * stray answers that a repeated block causes are awaited nevertheless, because one of them could acknowledge the end.
 * Faults: `device-silent`, `device-rejected`, `device-garbled`, `port-lost`, the signal's reason.
 */
export async function sendXmodem(transfer: XmodemTransfer, signal: AbortSignal): Promise<void> {
  const { bytes, tail, trace, onSent } = transfer;
  await waitForStart(transfer, signal);
  trace(`the unit asks for blocks with CRC; ${bytes.length} bytes follow`);
  await transfer.reader.untilQuiet(ASK_PAUSE_MS, ASK_PAUSE_MS, signal);
  const sender = new BlockSender(transfer);
  let sent = 0;
  for (const [index, block] of splitBlocks(bytes, tail).entries()) {
    await sender.send(index + 1, block, signal);
    onSent((sent += block.data.length));
  }
  await sender.end(signal);
  trace('the unit acknowledged the end of the transfer');
}

async function waitForStart(
  { reader, startTimeoutMs, port }: XmodemTransfer,
  signal: AbortSignal,
): Promise<void> {
  let asksForChecksum = false;
  const find = (): true | undefined => {
    while (reader.bytes.length > 0) {
      const [byte] = reader.take(1);
      if (byte === XMODEM.wantCrc) return true;
      asksForChecksum ||= byte === XMODEM.nak;
    }
    return undefined;
  };
  if ((await reader.waitFor(find, startTimeoutMs, signal)) !== null) return;
  const hint = asksForChecksum
    ? 'It asks for blocks with a checksum; this station sends blocks with CRC only.'
    : 'Switch the unit off and on again while the step waits; check the cable, and that the speed is right.';
  throw new Fault('device-silent', `${port.path}: the unit did not ask for its firmware (XMODEM, "C")`, {
    hint,
    details: { port: port.path },
  });
}

class BlockSender {
  readonly #transfer: XmodemTransfer;
  /** Whether anything was sent twice, so that stray answers are possible. */
  #repeated = false;

  constructor(transfer: XmodemTransfer) {
    this.#transfer = transfer;
  }

  async send(number: number, block: BlockData, signal: AbortSignal): Promise<void> {
    if (number === 1) this.#transfer.reader.discard();
    const encoded = encodeBlock(number, block);
    await this.#transmit(encoded, `block ${number}`, number === 1, signal);
  }

  async end(signal: AbortSignal): Promise<void> {
    if (this.#repeated) await this.#awaitStrayAnswers(signal);
    await this.#transmit(Uint8Array.of(XMODEM.eot), 'the end of the transfer', false, signal);
  }

  async #transmit(bytes: Uint8Array, what: string, isFirst: boolean, signal: AbortSignal): Promise<void> {
    const { port, trace } = this.#transfer;
    let silences = 0;
    for (let transmission = 1; transmission <= MAX_TRANSMISSIONS; transmission++) {
      throwIfAborted(signal);
      if (transmission > 1) trace(`${what} is sent again (${transmission})`);
      await port.write(bytes, signal);
      const reply = await this.#reply(what, isFirst, signal);
      if (reply === 'ack') {
        if (transmission > 1) await this.#awaitStrayAnswers(signal);
        return;
      }
      this.#repeated = true;
      if (reply === null) silences += 1;
      if (silences === MAX_SILENCES) throw notTaken(port.path, 'device-silent', `did not answer ${what}`);
    }
    throw notTaken(port.path, 'device-garbled', `did not accept ${what} in ${MAX_TRANSMISSIONS} attempts`);
  }

  /** Null: no answer in time. Disturbed bytes are as good as a request to repeat. */
  async #reply(what: string, isFirst: boolean, signal: AbortSignal): Promise<Reply | null> {
    const { reader, nowMs, port } = this.#transfer;
    const sentAtMs = nowMs();
    let [cancels, starts] = [0, 0];
    const find = (): Reply | undefined => {
      while (reader.bytes.length > 0) {
        const [byte] = reader.take(1);
        cancels = byte === XMODEM.can ? cancels + 1 : 0;
        if (cancels >= 2) throw rejected(port.path, `cancelled the transfer at ${what}`);
        if (byte === XMODEM.ack) return 'ack';
        if (byte === XMODEM.nak) return 'repeat';
        if (byte !== XMODEM.wantCrc || nowMs() - sentAtMs < LATE_START_MS) continue;
        if (isFirst) return 'start';
        starts += 1;
        if (starts >= 2) throw rejected(port.path, `started again at ${what}: it lost its power`);
      }
      return undefined;
    };
    return await reader.waitFor(find, REPLY_TIMEOUT_MS, signal);
  }

  async #awaitStrayAnswers(signal: AbortSignal): Promise<void> {
    await this.#transfer.reader.untilQuiet(STRAY_ANSWER_MS, STRAY_LIMIT_MS, signal);
  }
}

function rejected(path: string, what: string): Fault {
  return new Fault('device-rejected', `${path}: the unit ${what}`, {
    hint: 'Check that the file is meant for this unit and fits into its flash, check its power, and start again.',
    details: { port: path },
  });
}

function notTaken(path: string, code: 'device-silent' | 'device-garbled', what: string): Fault {
  return new Fault(code, `${path}: the unit ${what}`, {
    hint: 'Check the cable and the ground, or use a lower baudRate.',
    details: { port: path },
  });
}
