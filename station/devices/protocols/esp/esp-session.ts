import { Fault } from '#shared/domain/fault.ts';
import type { FlashChip } from '#shared/domain/flash.ts';
import type { Clock, DevicePort } from '../../../core/platform/index.ts';
import type { FlashJob } from '../flashing/index.ts';
import { words } from './commands.ts';
import { ROM_BAUD_RATE } from './connect.ts';
import { EspMemory } from './esp-memory.ts';
import { EspLink } from './link.ts';
import { resetToApplication } from './reset.ts';
import { setLoaderBaudRate, type StartedLoader, startLoader } from './start-loader.ts';

/** For the last reset, which also a stopped job needs. */
const END_TIMEOUT_MS = 1000;
/** Ends the line that a unit without loader has made of the bytes for a loader. */
const LINE_END = Uint8Array.of(0x0d, 0x0a);
/** In this time a unit complains about such a line. */
const COMPLAINT_MS = 200;

export interface EspOptions {
  readonly chip: FlashChip;
  readonly baudRate: number;
  readonly portBaudRate: number;
  readonly earlierBaudRates?: readonly number[];
  readonly verify?: FlashJob['verify'];
  readonly useStub?: boolean;
  /**
   * True: the last visit. On a port without control lines the loader of another visit keeps running, because it cannot be
   * started for the next one. Default false.
   */
  readonly isLast?: boolean;
  readonly clock: Clock;
  readonly trace: (line: string) => void;
}

/**
 * Uses the flash of the unit on a port that has no other user: starts the loader, and in the end the application again, and
 * sets the port back to its own speed, however `work` ends. Without control lines the application is started only when the
 * last work was done. A unit that has no loader has nothing of the attempt in its line buffer. Faults: those of `startLoader`
 * and of `work`.
 */
export async function withEspFlash<T>(
  port: DevicePort,
  options: EspOptions,
  work: (memory: EspMemory) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { clock, trace, portBaudRate, verify = 'auto', useStub = true, isLast = false } = options;
  using link = new EspLink(port, { clock, signal });
  let loader: StartedLoader | null = null;
  let isDone = false;
  try {
    loader = await startLoader(link, { ...options, useStub });
    const result = await work(new EspMemory(loader, verify));
    isDone = true;
    return result;
  } finally {
    if (resetsByLines(port, loader)) {
      // Before the start, so that the first line of the application is read at its speed.
      await port.setBaudRate?.(portBaudRate).catch(unlessLost);
      await resetLines(link, loader, trace);
    } else if (!(await leave(link, isDone ? loader : null, { isLast, portBaudRate, trace }))) {
      // A change of the speed drops what was received: it is not made again after a start.
      await port.setBaudRate?.(portBaudRate).catch(unlessLost);
    }
    if (loader === null) await endLine(link).catch(unlessLost);
  }
}

/** The answer is dropped with the link. */
async function endLine({ port, clock }: EspLink): Promise<void> {
  const ending = AbortSignal.timeout(END_TIMEOUT_MS);
  await port.write(LINE_END, ending);
  await clock.sleep(COMPLAINT_MS, ending);
}

const resetsByLines = (port: DevicePort, loader: StartedLoader | null): boolean =>
  port.setControlLines !== undefined && loader?.hasLines !== false;

type Trace = EspOptions['trace'];

async function resetLines(link: EspLink, loader: StartedLoader | null, trace: Trace): Promise<void> {
  const { port, clock } = link;
  const ending = AbortSignal.timeout(END_TIMEOUT_MS);
  const sleep = (ms: number): Promise<void> => clock.sleep(ms, ending);
  try {
    // What the application says belongs to the next reader, for whom the port keeps it.
    await resetToApplication({ port, sleep }, () => {
      if (loader !== null) port.onData(null);
    });
    trace('reset: application');
  } catch (error) {
    notStarted(error, trace);
  }
}

/**
 * Leaves a loader whose port has no control lines; true when the application was started. `null`, after a failure: the loader stays
 * as it is, because it cannot be started again.
 */
async function leave(
  link: EspLink,
  loader: StartedLoader | null,
  {
    isLast,
    portBaudRate,
    trace,
  }: { readonly isLast: boolean; readonly portBaudRate: number; readonly trace: Trace },
): Promise<boolean> {
  if (loader === null) return false;
  const { port } = link;
  try {
    // The next visit looks for the loader at this speed first, and the first line of the application is read at its own.
    const baudRate = isLast ? portBaudRate : ROM_BAUD_RATE;
    if (port.setBaudRate !== undefined && loader.baudRate !== baudRate)
      await setLoaderBaudRate(link, loader, baudRate);
    if (!isLast) return false;
    await link.command('FLASH_BEGIN', words(0, 0, 0x400, 0, ...(needsFifth(loader) ? [0] : [])));
    await link.lastCommand('FLASH_END', words(0));
    trace('the loader was asked to start the application: the port has no control lines');
    return true;
  } catch (error) {
    notStarted(error, trace);
    return false;
  }
}

/** What was proven stays proven; a unit that does not start is found by the next step. */
function notStarted(error: unknown, trace: Trace): void {
  if (!(error instanceof Fault)) throw error;
  trace(`the application was not started: ${error.message}`);
}

function needsFifth({ isStub, chip }: StartedLoader): boolean {
  return !isStub && chip.romTakesEncrypted;
}

function unlessLost(error: unknown): void {
  if (!(error instanceof Fault)) throw error;
}
