import type { Device, DeviceContext, Stimulus } from '../../profiles/profile.ts';
import { Tasks } from '../tasks.ts';
import { FrameScanner } from './frame-scanner.ts';
import { userFrame } from './user-frame.ts';
import { VoiceCore } from './voice-core.ts';

/** The parameters of a voice module. */
export interface VoiceModuleKind {
  readonly hardware: string;
  readonly firmware: string;
  readonly longestFrameBytes: number;
}

const READY = 0x42;
const STARTING_MS = 300;

/** The firmware of a voice module on a serial line: the sample product's words and frames. */
export class VoiceModule implements Device {
  readonly #context: DeviceContext;
  readonly #tasks: Tasks;
  readonly #scanner: FrameScanner;
  readonly #firmware: () => string;
  #power: { readonly control: AbortController; core: VoiceCore | null } | null = null;

  /** `firmware`: the name of the firmware in the flash, for modules that can be flashed. */
  constructor(context: DeviceContext, kind: VoiceModuleKind, firmware = () => kind.firmware) {
    this.#context = context;
    this.#tasks = new Tasks(context.onError);
    this.#scanner = new FrameScanner(kind.longestFrameBytes);
    this.#firmware = firmware;
  }

  powerOn(): void {
    this.#power = { control: new AbortController(), core: null };
    this.#scanner.clear();
    this.#context.drivePin(false);
    this.#tasks.track(this.#boot(this.#power.control.signal));
  }

  async powerOff(): Promise<void> {
    this.#power?.control.abort();
    this.#power = null;
    await this.#tasks.settled();
  }

  receive(bytes: Uint8Array): void {
    for (const scanned of this.#scanner.push(bytes))
      if (scanned.kind === 'user') this.#power?.core?.execute(scanned.command, scanned.data);
  }

  stimulate(stimulus: Stimulus): boolean {
    const core = this.#power?.core ?? null;
    if (core === null || stimulus.kind !== 'hear') return false;
    core.recognise(stimulus.word);
    return true;
  }

  async #boot(signal: AbortSignal): Promise<void> {
    await this.#context.wait(STARTING_MS, signal);
    if (this.#power === null) return;
    const version = versionOf(this.#firmware());
    this.#power.core = new VoiceCore({
      context: this.#context,
      version,
      signal,
      track: (work) => this.#tasks.track(work),
    });
    this.#context.send(userFrame(READY, Buffer.from(version)));
  }
}

/** The version at the end of a name: `jx_ci_03t_firmware_v1.0.3`. */
function versionOf(firmware: string): readonly [number, number, number] {
  const [, major, minor, patch] = /v(\d{1,3})\.(\d{1,3})\.(\d{1,3})/.exec(firmware) ?? [];
  return [Number(major ?? 0), Number(minor ?? 0), Number(patch ?? 0)];
}
