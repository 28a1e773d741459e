import { crc } from '#shared/codec/crc.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { FlashJob, PortSpeed } from '../flashing/index.ts';
import { COMMAND, RESET, TYPE } from './frame.ts';
import { serveRegion } from './serve-region.ts';
import type { UpdaterLink } from './updater-link.ts';

/** The boot loader speaks at this speed only. */
export const BOOT_BAUD_RATE = 115_200;
const UPDATER_ADDRESS = 0x1ff5_8000;
const BLOCK_BYTES = 4096;
/** A RAM of 640 KiB, less than the address space above the updater's address. */
const MAX_UPDATER_BYTES = 256 * 1024;
const HANDSHAKE_INTERVAL_MS = 20;
/** The unit is reset by a command of its firmware; without firmware, a person has to switch it off and on. */
const RESET_EVERY_MS = 500;
/** An updater of a job whose station was stopped does not hear the boot loader's speed: it is looked for at this interval. */
const FORGOTTEN_EVERY_MS = 2_000;
const HANDSHAKE_TIMEOUT_MS = 60_000;
const ANSWER_TIMEOUT_MS = 1_000;
const STARTED_TIMEOUT_MS = 2_000;
const SWITCH_PAUSE_MS = 20;
const MAX_SWITCHES = 3;

/** Faults: `device-silent`, `port-lost`, the signal's reason. */
export async function enterBootLoader(
  link: UpdaterLink,
  speed: PortSpeed,
  { clock, baudRate }: FlashJob,
  signal: AbortSignal,
): Promise<void> {
  const startedAtMs = clock.monotonicMs();
  let resetAtMs = startedAtMs;
  let lookedAtMs = startedAtMs;
  const isAnswer = ({ type, command }: { type: number; command: number }): boolean =>
    type === TYPE.acknowledge && command === COMMAND.handshake;
  link.trace('reset and handshake');
  await link.sendRaw(RESET, signal);
  while (clock.monotonicMs() - startedAtMs < HANDSHAKE_TIMEOUT_MS) {
    if (baudRate !== BOOT_BAUD_RATE && clock.monotonicMs() - lookedAtMs >= FORGOTTEN_EVERY_MS) {
      await speed.set(baudRate);
      await link.resetForgotten(signal);
      await speed.set(BOOT_BAUD_RATE);
      lookedAtMs = clock.monotonicMs();
    }
    if (clock.monotonicMs() - resetAtMs >= RESET_EVERY_MS) {
      resetAtMs = clock.monotonicMs();
      await link.sendRaw(RESET, signal);
    }
    await link.send(TYPE.command, COMMAND.handshake, new Uint8Array(), signal);
    if ((await link.next(isAnswer, HANDSHAKE_INTERVAL_MS, signal)) !== null) return;
  }
  throw new Fault('device-silent', `${link.path}: the boot loader of the unit did not answer`, {
    hint: 'Switch the unit off and on again while the step waits; check RX, TX and ground.',
    details: { port: link.path },
  });
}

/**
 * Loads the vendor's updater into the RAM of the chip and starts it. Faults: `bad-input`, `device-silent`,
 * `device-rejected`, `port-lost`, the signal's reason.
 */
export async function startUpdater(
  link: UpdaterLink,
  speed: PortSpeed,
  job: FlashJob,
  signal: AbortSignal,
): Promise<void> {
  const updater = requireUpdater(job);
  const filled = new Uint8Array(Math.ceil(updater.length / BLOCK_BYTES) * BLOCK_BYTES).fill(0xff);
  filled.set(updater);
  const info = regionInfo(UPDATER_ADDRESS, filled.length, crc('crc16-xmodem', filled));
  link.trace(`load the updater, ${updater.length} bytes`);
  const twice = { timeoutMs: ANSWER_TIMEOUT_MS, attempts: 2 };
  if ((await link.tryCommand('verifyInfo', info, twice, signal)) === null) {
    link.trace('an updater of before runs: reset');
    await link.send(TYPE.command, COMMAND.reset, new Uint8Array(), signal);
    await enterBootLoader(link, speed, job, signal);
    await link.command('verifyInfo', info, ANSWER_TIMEOUT_MS, signal);
  }
  const region = { bytes: filled, fill: true, onSent: () => undefined };
  await serveRegion(link, region, job.clock, signal);
  const verified = await link.command('verify', null, ANSWER_TIMEOUT_MS, signal);
  if (verified[0] !== 1) {
    throw new Fault('device-rejected', `${link.path}: the unit did not accept the updater of the recipe`, {
      hint: 'Check that the file is the updater of this chip, and start again.',
      details: { port: link.path },
    });
  }
  // The updater reports its start; the question after it finds out whether that report was lost.
  const isStart = ({ type, command }: { type: number; command: number }): boolean =>
    type === TYPE.request && command === COMMAND.handshake;
  await link.next(isStart, STARTED_TIMEOUT_MS, signal);
  await link.command('ready', null, ANSWER_TIMEOUT_MS, signal);
  link.trace('the updater runs');
}

/** Faults: `device-silent`, `not-configured`, `port-lost`, the signal's reason. */
export async function switchSpeed(
  link: UpdaterLink,
  speed: PortSpeed,
  { baudRate, clock }: FlashJob,
  signal: AbortSignal,
): Promise<void> {
  if (baudRate === BOOT_BAUD_RATE) return;
  const data = new Uint8Array(4);
  new DataView(data.buffer).setUint32(0, baudRate, true);
  const once = { timeoutMs: ANSWER_TIMEOUT_MS, attempts: 1 };
  const ready = { timeoutMs: ANSWER_TIMEOUT_MS, attempts: 2 };
  for (let round = 1; round <= MAX_SWITCHES; round++) {
    // The acknowledgement may be lost, so that the question at the new speed decides.
    await link.tryCommand('baudRate', data, once, signal);
    await clock.sleep(SWITCH_PAUSE_MS, signal);
    await speed.set(baudRate);
    if ((await link.tryCommand('ready', null, ready, signal)) !== null) return;
    await speed.set(BOOT_BAUD_RATE);
    if ((await link.tryCommand('ready', null, ready, signal)) === null) break;
  }
  throw new Fault('device-silent', `${link.path}: the unit does not answer at ${baudRate} baud`, {
    hint: 'Use a lower baudRate in the recipe, or a shorter cable, and start again.',
    details: { port: link.path },
  });
}

/** Address, size and CRC of a region, little-endian. */
export function regionInfo(address: number, size: number, crcValue: number): Uint8Array {
  const info = new Uint8Array(10);
  const view = new DataView(info.buffer);
  view.setUint32(0, address, true);
  view.setUint32(4, size, true);
  view.setUint16(8, crcValue, true);
  return info;
}

function requireUpdater({ updater }: FlashJob): Uint8Array {
  if (updater !== null && updater.bytes.length > 0 && updater.bytes.length <= MAX_UPDATER_BYTES)
    return updater.bytes;
  const message =
    updater === null
      ? 'the step names no updater, and a CI130x needs one'
      : `${updater.name} has ${updater.bytes.length} bytes, which no updater of a CI130x has`;
  throw new Fault('bad-input', message, {
    hint: "Get ci130x_updater.bin from the chip's vendor, put it beside the recipe, and name it with the key updater.",
  });
}
