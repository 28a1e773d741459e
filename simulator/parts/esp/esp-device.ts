import type { FlashWork, NorFlash } from '../../flash/index.ts';
import type { ControlLines, Device, DeviceContext } from '../../profiles/profile.ts';
import { Tasks } from '../tasks.ts';
import { EspApplication } from './application.ts';
import type { EspChip } from './chip.ts';
import { type AfterCommand, type Loader, type LoaderContext } from './loader.ts';
import { parseRequest } from './protocol.ts';
import { EspRegisters } from './registers.ts';
import { RomLoader } from './rom-loader.ts';
import { SlipReader, slipFrame } from './slip.ts';
import { StubLoader } from './stub-loader.ts';
import { UnitContent } from './unit-content.ts';

/** The boot ROM prints at this bit rate, and the application uses it. */
const BOOT_BAUD_RATE = 115_200;
const BOOT_MS = 30;
const STUB_START_MS = 2;
/** Frames that wait for the loader. A station waits for a reply after each. */
const MOST_FRAMES = 8;
/** The capacitor at the reset pin keeps the chip in reset a little longer, so that the strap is read after it has settled. */
const RESET_CAPACITOR_MS = 5;

type ResetCause = 'power-on' | 'software' | 'brown-out';

/**
 * A chip of the ESP32 family with its flash. A reset starts the ROM's loader when the boot strap is low, and otherwise the
 * application in the flash. A port without control lines holds the strap low at power-on.
 */
export class EspDevice implements Device {
  readonly #context: DeviceContext;
  readonly #chip: EspChip;
  readonly #flash: NorFlash;
  readonly #content: UnitContent;
  readonly #tasks: Tasks;
  #registers: EspRegisters;
  #slip: SlipReader | null = null;
  #loader: Loader | null = null;
  #application: EspApplication | null = null;
  #frames: Buffer[] = [];
  #working = false;
  /** Aborted at reset and at power-off. */
  #run: AbortController | null = null;
  #lines: ControlLines = { dtr: false, rts: false, break: false };
  #release: NodeJS.Timeout | null = null;
  #powered = false;

  constructor(context: DeviceContext, chip: EspChip) {
    if (context.memory === null) throw new Error(`${chip.name} needs a flash chip`);
    this.#context = context;
    this.#chip = chip;
    this.#flash = context.memory;
    this.#tasks = new Tasks(context.onError);
    this.#content = new UnitContent(chip, this.#flash, context.flash);
    this.#registers = new EspRegisters(chip, context.mac, this.#flash);
  }

  powerOn(): void {
    this.#powered = true;
    this.#tasks.track(this.#content.follow());
    if (!inReset(this.#lines)) this.#boot('power-on', this.#strapAtPowerOn());
  }

  async powerOff(): Promise<void> {
    this.#powered = false;
    this.#halt();
    if (this.#release !== null) clearTimeout(this.#release);
    this.#release = null;
    await this.#tasks.settled();
    await this.#content.commandDone();
    await this.#content.settle();
  }

  receive(bytes: Uint8Array): void {
    if (this.#slip === null) {
      this.#application?.receive(bytes);
      return;
    }
    for (const frame of this.#slip.push(bytes)) {
      if (this.#frames.length < MOST_FRAMES) this.#frames.push(frame);
    }
    if (!this.#working && this.#frames.length > 0) this.#tasks.track(this.#work());
  }

  /** DTR and RTS reach the strap and the reset pin over the two transistors of Espressif's boards. */
  controlLines(lines: ControlLines): void {
    const wasInReset = inReset(this.#lines);
    this.#lines = lines;
    if (!this.#powered) return;
    if (inReset(lines)) {
      this.#halt();
      if (this.#release !== null) clearTimeout(this.#release);
      this.#release = null;
    } else if (wasInReset) {
      this.#release = setTimeout(() => {
        this.#release = null;
        this.#boot('power-on', strapLow(this.#lines));
      }, RESET_CAPACITOR_MS);
    }
  }

  #halt(): void {
    this.#run?.abort();
    this.#run = null;
    this.#loader?.abandon();
    this.#loader = null;
    this.#slip = null;
    this.#application = null;
    this.#frames = [];
  }

  #boot(cause: ResetCause, download: boolean): void {
    this.#halt();
    const run = new AbortController();
    this.#run = run;
    this.#registers = new EspRegisters(this.#chip, this.#context.mac, this.#flash);
    this.#content.applyLock(this.#registers, this.#lock());
    this.#context.setBaudRate(BOOT_BAUD_RATE);
    const { boot } = this.#chip;
    const reset = { 'power-on': boot.powerOn, software: boot.software, 'brown-out': boot.brownOut }[cause];
    const start = async (): Promise<void> => {
      await this.#context.wait(BOOT_MS, run.signal);
      this.#print([...boot.banner, `${reset},${download ? boot.download : boot.application}`]);
      if (!download) return this.#startApplication(run.signal);
      if (this.#lock() === 'no-download') return this.#print(['Download boot modes disabled']);
      this.#print(['waiting for download']);
      this.#context.setBaudRate(null);
      this.#startLoader(new RomLoader(this.#loaderContext(run.signal)));
    };
    this.#tasks.track(start());
  }

  #startLoader(loader: Loader): void {
    this.#loader = loader;
    this.#slip = new SlipReader(loader.frameBytes);
  }

  async #startApplication(signal: AbortSignal): Promise<void> {
    const application = new EspApplication({
      context: this.#context,
      content: this.#content,
      chip: this.#chip,
      toDownload: () => this.#boot('software', true),
      restart: () => this.#boot('software', false),
    });
    await application.start(signal);
    signal.throwIfAborted();
    this.#application = application;
  }

  #loaderContext(signal: AbortSignal): LoaderContext {
    return {
      chip: this.#chip,
      flash: this.#flash,
      registers: this.#registers,
      reply: (content) => {
        if (!signal.aborted) this.#context.send(slipFrame(content));
      },
      wait: (ms) => this.#context.wait(ms, signal),
      work: (work) => this.#flashWork(work, signal),
      onWritten: (range) => this.#content.written(range),
      setBaudRate: (baudRate) => this.#context.setBaudRate(baudRate),
      stationBaudRate: () => this.#context.stationBaudRate(),
      lock: () => this.#lock(),
    };
  }

  async #flashWork(work: FlashWork, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (work.brownOut) {
      // The strap is as it is at the time of the reset.
      this.#boot('brown-out', this.#strapAtPowerOn());
      signal.throwIfAborted();
    }
    if (work.ms > 0) await this.#context.wait(work.ms, signal);
  }

  /** A fixture whose port has no control lines holds the strap low at power-on, so that a unit can be flashed. */
  #strapAtPowerOn(): boolean {
    return this.#context.hasControlLines() ? strapLow(this.#lines) : true;
  }

  #lock(): ReturnType<LoaderContext['lock']> {
    return this.#context.faults.get('chip-locked')?.by ?? null;
  }

  /** Executes the frames one after another. */
  async #work(): Promise<void> {
    this.#working = true;
    try {
      for (let frame = this.#frames.shift(); frame !== undefined; frame = this.#frames.shift()) {
        const loader = this.#loader;
        const signal = this.#run?.signal;
        if (loader === null || signal === undefined) continue;
        const request = parseRequest(frame);
        if (request === null) {
          loader.raw?.(frame);
          continue;
        }
        this.#context.commandStarted();
        const after = await unlessReset(loader.handle(request), signal);
        await this.#content.commandDone();
        if (after !== null && !signal.aborted) await unlessReset(this.#goOn(after, signal), signal);
      }
    } finally {
      this.#working = false;
    }
  }

  async #goOn(after: AfterCommand, signal: AbortSignal): Promise<void> {
    switch (after) {
      case 'stay':
        return;
      case 'stub': {
        const stub = new StubLoader(this.#loaderContext(signal));
        this.#loader?.abandon();
        this.#startLoader(stub);
        await this.#context.wait(STUB_START_MS, signal);
        stub.greet();
        return;
      }
      case 'application':
        this.#boot('software', this.#context.hasControlLines() && strapLow(this.#lines));
    }
  }

  #print(lines: readonly string[]): void {
    this.#context.send(Buffer.from(lines.map((line) => `${line}\r\n`).join('')));
  }
}

function inReset({ dtr, rts }: ControlLines): boolean {
  return rts && !dtr;
}

function strapLow({ dtr, rts }: ControlLines): boolean {
  return dtr && !rts;
}

/** `null` when the chip was reset during the work. */
async function unlessReset<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}
