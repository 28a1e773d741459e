import type { DeviceContext } from '../../profiles/profile.ts';
import { userFrame } from './user-frame.ts';
import { type Word, WORDS } from './words.ts';

/** Frames that the module sends without a request. */
const NOTIFICATION = { recognised: 0x40, asleep: 0x41 } as const;
const COMMAND = {
  identify: 0x01,
  version: 0x02,
  recognise: 0x03,
  state: 0x04,
  volume: 0x05,
  microphone: 0x06,
} as const;
const REPLY = 0x80;
const REFUSAL = 0xff;
const REFUSED = { unknown: 1, length: 2, value: 3 } as const;
const RECOGNITION = { yes: 0, unknown: 1, asleep: 2 } as const;

const NOMINAL_RECOGNITION_MS = 350;
const NOMINAL_MICROPHONE = 1_200;
const LISTENING_MS = 300;
const AWAKE_MS = 10_000;
const MAX_VOLUME = 5;
const NOMINAL_VOLUME = 3;

export interface VoiceOptions {
  readonly context: DeviceContext;
  /** Major, minor, patch. */
  readonly version: readonly [number, number, number];
  readonly signal: AbortSignal;
  /** Registers background work. Power-off waits until it has ended. */
  readonly track: (work: Promise<void>) => void;
  /** Called when a word was recognised. */
  readonly onWord?: (word: Word) => void;
}

/** Recognition, words and output pin of a voice module, from power-on to power-off or restart. */
export class VoiceCore {
  readonly #options: VoiceOptions;
  /** Aborts the wait after which the module sleeps. */
  #sleepTimer = new AbortController();
  #awake = false;
  #light = false;
  #volume = NOMINAL_VOLUME;

  constructor(options: VoiceOptions) {
    this.#options = options;
  }

  get light(): boolean {
    return this.#light;
  }

  set light(on: boolean) {
    this.#light = on;
    this.#options.context.drivePin(on);
  }

  get volume(): number {
    return this.#volume;
  }

  set volume(level: number) {
    this.#volume = Math.max(0, Math.min(MAX_VOLUME, level));
  }

  /** Takes a spoken text. Unknown words, and words that need the wake word first, are ignored. */
  recognise(text: string): void {
    const word = WORDS.find((known) => known.text === text);
    if (word !== undefined && this.#understands(word)) this.#options.track(this.#onRecognised(word));
  }

  /** Executes a valid frame of the user UART. */
  execute(command: number, data: Uint8Array): void {
    this.#options.context.commandStarted();
    this.#options.track(this.#answer(command, data));
  }

  async #answer(command: number, data: Uint8Array): Promise<void> {
    const { context, signal, version } = this.#options;
    await context.wait(context.random.integer(5, 15), signal);
    const [value] = data;
    const refuse = (reason: number): void => context.send(userFrame(REFUSAL, Buffer.of(command, reason)));
    const reply = (...bytes: readonly number[]): void =>
      context.send(userFrame(command | REPLY, Buffer.from(bytes)));
    const takesByte = command === COMMAND.recognise || command === COMMAND.volume;
    if (!Object.values<number>(COMMAND).includes(command)) return refuse(REFUSED.unknown);
    if (data.length !== Number(takesByte)) return refuse(REFUSED.length);
    switch (command) {
      case COMMAND.identify:
        return reply(...Buffer.from(context.mac.replaceAll(':', ''), 'hex'));
      case COMMAND.version:
        return reply(...version);
      case COMMAND.recognise: {
        const word = WORDS.find(({ id }) => id === value);
        if (word === undefined) return reply(RECOGNITION.unknown);
        if (!this.#understands(word)) return reply(RECOGNITION.asleep);
        reply(RECOGNITION.yes);
        return this.#onRecognised(word);
      }
      case COMMAND.state:
        return reply(Number(this.#awake), Number(this.#light), this.#volume);
      case COMMAND.volume:
        if (value === undefined || value > MAX_VOLUME) return refuse(REFUSED.value);
        this.volume = value;
        return reply(this.#volume);
      case COMMAND.microphone: {
        await context.wait(LISTENING_MS, signal);
        const level = context.measure('microphone', NOMINAL_MICROPHONE) + context.random.integer(-20, 20);
        const bounded = Math.max(0, Math.min(0xffff, Math.round(level)));
        return reply(bounded >> 8, bounded & 0xff);
      }
    }
  }

  #understands(word: Word): boolean {
    return this.#awake || word.recognisedAsleep;
  }

  async #onRecognised(word: Word): Promise<void> {
    const { context, signal, onWord } = this.#options;
    await context.wait(context.measure('recognition-ms', NOMINAL_RECOGNITION_MS), signal);
    if (context.faults.take('deaf') !== null) return;
    switch (word.does) {
      case 'wake':
        this.#wake();
        break;
      case 'light-on':
      case 'light-off':
        this.light = word.does === 'light-on';
        break;
      case 'louder':
      case 'quieter':
        this.volume += word.does === 'louder' ? 1 : -1;
        this.#wake();
    }
    context.send(userFrame(NOTIFICATION.recognised, Buffer.of(word.id, Number(this.#light), this.#volume)));
    onWord?.(word);
  }

  #wake(): void {
    this.#sleepTimer.abort();
    this.#sleepTimer = new AbortController();
    this.#awake = true;
    this.#options.track(
      this.#sleepAfterTimeout(AbortSignal.any([this.#sleepTimer.signal, this.#options.signal])),
    );
  }

  async #sleepAfterTimeout(signal: AbortSignal): Promise<void> {
    await this.#options.context.wait(AWAKE_MS, signal);
    this.#awake = false;
    this.#options.context.send(userFrame(NOTIFICATION.asleep));
  }
}
