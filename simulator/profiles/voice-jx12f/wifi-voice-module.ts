import {
  AtDevice,
  ESP8266_FIRMWARE,
  type Application,
  type Session,
  type StationNetwork,
} from '../../parts/at/index.ts';
import { Thing } from '../../parts/thing/index.ts';
import { FrameScanner, VoiceCore } from '../../parts/voice/index.ts';
import type { Device, DeviceContext, Stimulus } from '../profile.ts';
import { VOICE_LAMP_MODEL } from './model.ts';

export const FIRMWARE = {
  ...ESP8266_FIRMWARE,
  hardware: 'JX-12F',
  version: 'QCloud_AT_JX12F_v1.2.0',
  flashSize: '2MB',
};
const VERSION = [1, 2, 0] as const;
const LONGEST_FRAME_BYTES = 32;

/** AT lines and frames on one UART. A frame begins with a byte that does not occur in lines. */
export class WifiVoiceModule implements Device {
  readonly #at: AtDevice;
  readonly #scanner = new FrameScanner(LONGEST_FRAME_BYTES);
  #core: VoiceCore | null = null;

  constructor(context: DeviceContext) {
    this.#at = new AtDevice(context, {
      firmware: FIRMWARE,
      updatesItself: true,
      start: (session) => this.#start(session),
    });
  }

  /** The Wi-Fi of the module. Without a network, the module waits for its settings over Bluetooth. */
  get network(): StationNetwork {
    return this.#at.network;
  }

  powerOn(): void {
    this.#scanner.clear();
    this.#at.powerOn();
  }

  powerOff(): Promise<void> {
    return this.#at.powerOff();
  }

  receive(bytes: Uint8Array): void {
    if (this.#at.readsPayload) return this.#at.receive(bytes);
    for (const scanned of this.#scanner.push(bytes)) {
      if (scanned.kind === 'other') this.#at.receive(scanned.bytes);
      else if (scanned.kind === 'user' && this.#at.ready) this.#core?.execute(scanned.command, scanned.data);
    }
  }

  stimulate(stimulus: Stimulus): boolean {
    return this.#at.stimulate(stimulus);
  }

  #start(session: Session): Application {
    const { context, connection, signal, track } = session;
    const identity = () => (connection.connected ? context.flash.identity : null);
    const core = new VoiceCore({
      context,
      version: VERSION,
      signal,
      track,
      onWord(word) {
        const stored = identity();
        if (stored === null) return;
        track(thing.post(stored, 'word_heard', { word_id: word.id }));
        track(thing.report(stored));
      },
    });
    const thing = new Thing({
      model: VOICE_LAMP_MODEL,
      connection,
      nowMs: context.nowMs,
      state: () => ({ power_switch: Number(core.light), volume: core.volume }),
      set(id, value) {
        if (id === 'power_switch') core.light = value === 1;
        if (id === 'volume') core.volume = Number(value);
      },
    });
    this.#core = core;
    context.drivePin(false);
    return {
      onConnected: (stored) => thing.onConnected(stored),
      onMessage: (stored, topic, payload) => thing.onMessage(stored, topic, payload),
      stimulate(stimulus) {
        if (stimulus.kind !== 'hear') return false;
        core.recognise(stimulus.word);
        return true;
      },
    };
  }
}
