import { Fault } from '#shared/domain/fault.ts';
import type { EspLink } from './link.ts';
import { hasControlLines, RESET_SEQUENCES } from './reset.ts';

/** Speed of the ROM after a reset. */
export const ROM_BAUD_RATE = 115_200;
const SYNC_TIMEOUT_MS = 100;
const SYNCS_PER_RESET = 5;
/** SYNC has this many replies. */
const SYNC_REPLIES = 8;
/** Attempts at a port without control lines: the unit is switched on by a fixture or by hand. */
const SYNCS_WITHOUT_RESET = 20;
/** What the ROM of a chip prints whose loader was disabled for ever. */
const LOADER_DISABLED = /Download boot modes disabled|download mode disabled/i;
const SYNC_DATA = Uint8Array.from([0x07, 0x07, 0x12, 0x20, ...Array.from({ length: 32 }, () => 0x55)]);

export interface Connected {
  /** A stub answered, which an earlier job left running. */
  readonly isStub: boolean;
  readonly hasLines: boolean;
  /** Speed at which the loader answered. */
  readonly baudRate: number;
}

export interface ConnectOptions {
  /** Speeds at which a stub of an earlier job may be running. */
  readonly otherBaudRates: readonly number[];
  readonly trace: (line: string) => void;
}

/**
 * Starts the loader by the control lines, as far as the port has them, and synchronises with it. Faults: `device-silent`,
 * `device-locked`, `port-lost`, the signal's reason.
 */
export async function connectLoader(
  link: EspLink,
  { otherBaudRates, trace }: ConnectOptions,
): Promise<Connected> {
  await link.port.setBaudRate?.(ROM_BAUD_RATE);
  const hasLines = await hasControlLines(link);
  if (!hasLines) {
    trace('the port has no control lines: the chip is not reset');
    const canChange = link.port.setBaudRate !== undefined;
    const found = await syncAtAny(link, [ROM_BAUD_RATE, ...(canChange ? otherBaudRates : [])]);
    if (found === null) throw notReset(link);
    trace(`${found.isStub ? 'stub' : 'ROM'} answers at ${found.baudRate} baud`);
    return { ...found, hasLines };
  }
  let heard = '';
  for (const { name, run } of RESET_SEQUENCES) {
    link.flush();
    await run(link);
    trace(`reset: ${name}`);
    for (let n = 0; n < SYNCS_PER_RESET; n++) {
      const isStub = await sync(link, n);
      if (isStub === null) continue;
      trace(`${isStub ? 'stub' : 'ROM'} answers at ${ROM_BAUD_RATE} baud`);
      return { isStub, hasLines, baudRate: ROM_BAUD_RATE };
    }
    heard = link.heard === '' ? heard : link.heard;
    // No other reset changes that.
    if (LOADER_DISABLED.test(heard)) break;
  }
  throw silent(link, heard);
}

/**
 * An END that is out of phase makes a stub take the gap between two frames for a frame. One END more before every second
 * SYNC brings it into phase again.
 */
const PHASE_SHIFT = Uint8Array.of(0xc0);

/** Synchronises once: true for a stub, false for the ROM, null without a reply. */
export async function sync(link: EspLink, attempt = 0): Promise<boolean | null> {
  try {
    if (attempt % 2 === 1) await link.write(PHASE_SHIFT);
    const first = await link.command('SYNC', SYNC_DATA, { timeoutMs: SYNC_TIMEOUT_MS });
    let isStub = first.value === 0;
    for (let n = 1; n < SYNC_REPLIES; n++) {
      const next = await link.replyTo('SYNC', { timeoutMs: SYNC_TIMEOUT_MS }).catch(silentAsNull);
      if (next === null) break;
      isStub &&= next.value === 0;
    }
    return isStub;
  } catch (error) {
    return silentAsNull(error);
  }
}

async function syncAtAny(
  link: EspLink,
  baudRates: readonly number[],
): Promise<{ readonly isStub: boolean; readonly baudRate: number } | null> {
  for (let n = 0; n < SYNCS_WITHOUT_RESET; n++) {
    // Most units are in the ROM: the other speeds are tried after a few attempts.
    const baudRate = n < SYNCS_PER_RESET ? ROM_BAUD_RATE : (baudRates[n % baudRates.length] ?? ROM_BAUD_RATE);
    await link.port.setBaudRate?.(baudRate);
    const isStub = await sync(link, n);
    if (isStub !== null) return { isStub, baudRate };
  }
  return null;
}

function silentAsNull(error: unknown): null {
  const isNoise =
    error instanceof Fault &&
    (error.code === 'device-silent' || error.code === 'device-rejected' || error.code === 'device-garbled');
  if (isNoise) return null;
  throw error;
}

function notReset({ port }: EspLink): Fault {
  return new Fault(
    'device-silent',
    `no loader of an ESP32 answers on ${port.path}, which has no control lines to start it`,
    {
      hint: 'Hold the boot pin (IO0 or IO9) low and switch the unit off and on; or use a port with DTR and RTS, or rfc2217://.',
      details: { port: port.path },
    },
  );
}

function silent({ port }: EspLink, heard: string): Fault {
  const details = { port: port.path };
  if (heard.includes('waiting for download'))
    return new Fault('device-silent', `the loader on ${port.path} waits for data, and does not receive it`, {
      hint: 'Check the wire to RX of the unit.',
      details,
    });
  if (LOADER_DISABLED.test(heard))
    return new Fault(
      'device-locked',
      `the chip on ${port.path} does not allow its loader: it is disabled for ever`,
      {
        hint: 'The lock is permanent. Sort the unit out.',
        details: { ...details, locks: 'download disabled' },
      },
    );
  if (/boot:0x/.test(heard))
    return new Fault(
      'device-silent',
      `the chip on ${port.path} starts its application in place of its loader`,
      {
        hint: 'Check the boot pin (IO0 or IO9) of the unit and its contact; the chip may also forbid its loader.',
        details,
      },
    );
  return new Fault('device-silent', `no loader of an ESP32 answers on ${port.path}`, {
    hint: 'Check the contacts, the supply and the boot pin (IO0 or IO9).',
    details,
  });
}
