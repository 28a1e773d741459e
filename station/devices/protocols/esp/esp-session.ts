import { Fault } from '#shared/domain/fault.ts';
import type { FlashChip } from '#shared/domain/flash.ts';
import type { Clock, DevicePort } from '../../../core/platform/index.ts';
import type { FlashJob } from '../flashing/index.ts';
import { words } from './commands.ts';
import { EspMemory } from './esp-memory.ts';
import { EspLink } from './link.ts';
import { resetToApplication } from './reset.ts';
import { type StartedLoader, startLoader } from './start-loader.ts';

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
    // Before the start, so that the first line of the application is read at its speed.
    if (resetsByLines(port, loader)) await port.setBaudRate?.(portBaudRate).catch(unlessLost);
    await startApplication(link, loader, isDone && isLast, trace);
    if (!resetsByLines(port, loader)) await port.setBaudRate?.(portBaudRate).catch(unlessLost);
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

async function startApplication(
  link: EspLink,
  loader: StartedLoader | null,
  mayLeave: boolean,
  trace: (line: string) => void,
): Promise<void> {
  const { port, clock } = link;
  const ending = AbortSignal.timeout(END_TIMEOUT_MS);
  const sleep = (ms: number): Promise<void> => clock.sleep(ms, ending);
  try {
    if (resetsByLines(port, loader)) {
      // What the application says belongs to the next reader, for whom the port keeps it.
      await resetToApplication({ port, sleep }, () => {
        if (loader !== null) port.onData(null);
      });
      trace('reset: application');
    } else if (loader !== null && mayLeave) {
      // After a failure the loader stays: without control lines it cannot be started again.
      await link.command('FLASH_BEGIN', words(0, 0, 0x400, 0, ...(needsFifth(loader) ? [0] : [])));
      await link.command('FLASH_END', words(0));
      trace('the loader was asked to start the application: the port has no control lines');
    }
  } catch (error) {
    // What was proven stays proven; a unit that does not start is found by the next step.
    if (!(error instanceof Fault)) throw error;
    trace(`the application was not started: ${error.message}`);
  }
}

function needsFifth({ isStub, chip }: StartedLoader): boolean {
  return !isStub && chip.romTakesEncrypted;
}

function unlessLost(error: unknown): void {
  if (!(error instanceof Fault)) throw error;
}
