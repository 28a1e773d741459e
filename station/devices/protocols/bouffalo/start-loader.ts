import { Fault } from '#shared/domain/fault.ts';
import type { DevicePort } from '../../../core/platform/index.ts';
import type { FlashJob, PortSpeed } from '../flashing/index.ts';
import { Disturbed, type IspCommand, type IspLink } from './isp-link.ts';

const HEADER_BYTES = 176;
const SEGMENT_COUNT_AT = 120;
const SEGMENT_HEADER_BYTES = 16;
const SEGMENT_LENGTH_AT = 4;
const MAX_SEGMENTS = 16;
/** `BFNP` in published firmware, `BFXP` in the description. */
const MAGICS = ['BFNP', 'BFXP'];
const MAX_DATA_BYTES = 4000;
/** The boot ROM runs from an inexact clock. */
const MAX_ROM_BAUD_RATE = 500_000;
const SLOWER_BAUD_RATES = [921_600, 460_800, 115_200] as const;
/** A person may have to put the unit into its burn mode. */
const ENTER_LIMIT_MS = 60_000;
const ENTER_AGAIN_LIMIT_MS = 5_000;
const LOADER_LIMIT_MS = 2_000;
const ANSWER_TIMEOUT_MS = 2_500;
const LOADER_START_MS = 200;
const MAX_ATTEMPTS = 3;
const LINE_MS = 50;

/** Starts the boot ROM where the control lines are wired as on the usual boards: RTS to the boot pin, DTR to the reset. */
export async function enterBurnMode(port: DevicePort, job: FlashJob, signal: AbortSignal): Promise<void> {
  const set = port.setControlLines?.bind(port);
  if (set === undefined) {
    job.trace('the port has no control lines: the unit has to be in its burn mode');
    return;
  }
  try {
    for (const lines of [{ rts: true }, { dtr: true }, { dtr: false }, { rts: false }]) {
      await set(lines);
      await job.clock.sleep(LINE_MS, signal);
    }
    job.trace('reset with the boot pin high (RTS, DTR)');
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'not-configured') throw error;
    job.trace('the port cannot set its control lines: the unit has to be in its burn mode');
  }
}

/**
 * Loads the vendor's flash loader into the RAM of the chip and starts it; returns with the loader at the speed of the job or
 * a lower one. Faults: `bad-input`, `device-silent`, `device-garbled`, `device-rejected`, `device-locked`, `port-lost`, the
 * signal's reason.
 */
export async function startLoader(
  link: IspLink,
  speed: PortSpeed,
  job: FlashJob,
  signal: AbortSignal,
): Promise<void> {
  const loader = requireLoader(job);
  await speed.set(Math.min(job.baudRate, MAX_ROM_BAUD_RATE));
  for (let attempt = 1; ; attempt++) {
    const limitMs = attempt === 1 ? ENTER_LIMIT_MS : ENTER_AGAIN_LIMIT_MS;
    if (!(await link.handshake(speed.baudRate, limitMs, signal))) throw silent(link);
    try {
      await loadAndRun(link, loader, signal);
      break;
    } catch (error) {
      if (!(error instanceof Disturbed)) throw error;
      link.trace(`${error.message} (${attempt})`);
      if (attempt === MAX_ATTEMPTS) throw garbled(link, error);
      await link.settle(signal);
    }
  }
  await job.clock.sleep(LOADER_START_MS, signal);
  const rates = [job.baudRate, ...SLOWER_BAUD_RATES.filter((rate) => rate < job.baudRate)];
  for (const rate of rates) {
    await speed.set(rate);
    if (await link.handshake(rate, LOADER_LIMIT_MS, signal))
      return link.trace(`the loader runs at ${rate} baud`);
  }
  throw new Fault(
    'device-silent',
    `${link.path}: the flash loader in the unit does not answer at any speed`,
    {
      hint: 'Check that the updater file is the eflash_loader of this chip and of its crystal.',
      details: { port: link.path },
    },
  );
}

async function loadAndRun(link: IspLink, loader: Uint8Array, signal: AbortSignal): Promise<void> {
  const send = (id: number, name: string, data?: Uint8Array, answers = false): Promise<Uint8Array> => {
    const command: IspCommand = { id, name, summed: false, timeoutMs: ANSWER_TIMEOUT_MS, answers };
    return link.command(data === undefined ? command : { ...command, data }, signal);
  };
  const info = await send(0x10, 'the question for its boot ROM', undefined, true);
  link.trace(`boot ROM ${Buffer.from(info.subarray(0, 4)).toString('hex')}`);
  await send(0x11, 'the header of the loader', loader.subarray(0, HEADER_BYTES));
  let at = HEADER_BYTES;
  for (let segment = segmentsOf(loader); segment > 0; segment--) {
    const header = loader.subarray(at, at + SEGMENT_HEADER_BYTES);
    const length = viewOf(header).getUint32(SEGMENT_LENGTH_AT, true);
    at += SEGMENT_HEADER_BYTES;
    await send(0x17, 'a segment of the loader', header, true);
    const end = Math.min(at + length, loader.length);
    for (; at < end; at += MAX_DATA_BYTES)
      await send(0x18, 'data of the loader', loader.subarray(at, Math.min(at + MAX_DATA_BYTES, end)));
    at = end;
  }
  await send(0x19, 'the loader');
  await send(0x1a, 'the start of the loader');
}

function requireLoader({ updater }: FlashJob): Uint8Array {
  const bytes = updater?.bytes ?? new Uint8Array();
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  const segments = bytes.length > HEADER_BYTES + SEGMENT_HEADER_BYTES ? segmentsOf(bytes) : 0;
  if (MAGICS.includes(magic) && segments > 0 && segments <= MAX_SEGMENTS) return bytes;
  const message =
    updater === null
      ? 'the step names no updater, and a BL602 needs one'
      : `${updater.name} is no flash loader of a BL602: it does not begin with a boot header`;
  throw new Fault('bad-input', message, {
    hint: "Take eflash_loader_40m.bin from the vendor's flash tool, put it beside the recipe, and name it with the key updater.",
  });
}

function segmentsOf(loader: Uint8Array): number {
  return viewOf(loader).getUint32(SEGMENT_COUNT_AT, true);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function silent({ path }: IspLink): Fault {
  return new Fault('device-silent', `${path}: the boot ROM of the unit did not answer`, {
    hint: 'Set IO8 of the module high and reset it while the step waits; check RX, TX and ground.',
    details: { port: path },
  });
}

function garbled({ path }: IspLink, cause: Disturbed): Fault {
  return new Fault('device-garbled', `${path}: the line to the boot ROM is disturbed`, {
    hint: 'Check the cable and the ground, or use a lower baudRate.',
    details: { port: path },
    cause,
  });
}
