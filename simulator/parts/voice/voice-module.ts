import { delay } from '../../platform/index.ts';
import type { Device, DeviceContext, Stimulus } from '../../profiles/profile.ts';
import { BOOT, bootFrame, Bootloader } from '../ci130x/index.ts';
import { Tasks } from '../tasks.ts';
import { FrameScanner, type Scanned } from './frame-scanner.ts';
import { userFrame } from './user-frame.ts';
import { VoiceCore } from './voice-core.ts';

/** The parameters of a voice module. */
export interface VoiceModuleKind {
  readonly hardware: string;
  readonly firmware: string;
  readonly version: readonly [number, number, number];
  readonly longestFrameBytes: number;
  /** Whether the module has the UART bootloader of the CI130x chips. */
  readonly hasBootloader: boolean;
}

const READY = 0x42;
/**
 * Time for which the bootloader waits for a handshake before it starts the firmware. It is not shortened by `timeScale`,
 * because the station has to be fast enough for it.
 */
const LISTENING_MS = 200;
const STARTING_MS = 300;
/** The watchdog restarts the module when an update is not continued for this time. */
const UPDATE_ABANDONED_MS = 10_000;

type Phase = 'boot' | 'update' | 'starting' | 'running';

interface Power {
  readonly control: AbortController;
  phase: Phase;
  core: VoiceCore | null;
}

/** A voice module on a serial line: the bootloader, if the chip has one, and the sample product's firmware. */
export class VoiceModule implements Device {
  readonly #context: DeviceContext;
  readonly #tasks: Tasks;
  readonly #kind: VoiceModuleKind;
  readonly #scanner: FrameScanner;
  readonly #bootloader: Bootloader | null;
  #power: Power | null = null;
  #abandoned = new AbortController();

  constructor(context: DeviceContext, kind: VoiceModuleKind) {
    this.#context = context;
    this.#kind = kind;
    this.#tasks = new Tasks(context.onError);
    this.#scanner = new FrameScanner(kind.longestFrameBytes);
    const { hardware, firmware: software } = kind;
    this.#bootloader = kind.hasBootloader ? new Bootloader({ mac: context.mac, hardware, software }) : null;
  }

  powerOn(): void {
    const power: Power = { control: new AbortController(), phase: 'boot', core: null };
    this.#power = power;
    this.#scanner.clear();
    this.#context.drivePin(false);
    this.#tasks.track(this.#boot(power));
  }

  async powerOff(): Promise<void> {
    this.#stop();
    await this.#tasks.settled();
  }

  receive(bytes: Uint8Array): void {
    for (const scanned of this.#scanner.push(bytes))
      if (this.#power !== null) this.#take(this.#power, scanned);
  }

  stimulate(stimulus: Stimulus): boolean {
    const core = this.#power?.core ?? null;
    if (core === null || stimulus.kind !== 'hear') return false;
    core.recognise(stimulus.word);
    return true;
  }

  async #boot(power: Power): Promise<void> {
    const { signal } = power.control;
    if (this.#bootloader !== null) {
      // At least the time of a real chip; longer when `timeScale` slows the devices down.
      await Promise.all([delay(LISTENING_MS, signal), this.#context.wait(LISTENING_MS, signal)]);
    }
    if (power.phase !== 'boot') return;
    power.phase = 'starting';
    await this.#context.wait(STARTING_MS, signal);
    power.phase = 'running';
    power.core = new VoiceCore({
      context: this.#context,
      version: this.#kind.version,
      signal,
      track: (work) => this.#tasks.track(work),
    });
    this.#context.send(userFrame(READY, Buffer.from(this.#kind.version)));
  }

  #take(power: Power, scanned: Scanned): void {
    if (scanned.kind === 'user') return power.core?.execute(scanned.command, scanned.data);
    if (this.#bootloader === null) return;
    if (scanned.kind === 'reset' && power.phase === 'running') {
      this.#context.send(bootFrame(BOOT.resetAcknowledge, BOOT.handshake));
      return this.#restart();
    }
    // Only the bootloader supports updates.
    if (scanned.kind !== 'boot' || (power.phase !== 'boot' && power.phase !== 'update')) return;
    if (power.phase === 'boot' && scanned.command !== BOOT.handshake) return;
    const answer = this.#bootloader.answer(scanned);
    if (answer === null) return;
    this.#context.commandStarted();
    power.phase = 'update';
    this.#context.send(answer.reply);
    if (answer.restarts) return this.#restart();
    this.#abandoned.abort();
    this.#abandoned = new AbortController();
    this.#tasks.track(this.#watch(AbortSignal.any([this.#abandoned.signal, power.control.signal])));
  }

  async #watch(signal: AbortSignal): Promise<void> {
    await this.#context.wait(UPDATE_ABANDONED_MS, signal);
    this.#restart();
  }

  #stop(): void {
    this.#power?.control.abort();
    this.#power = null;
  }

  #restart(): void {
    this.#stop();
    this.powerOn();
  }
}
