import type { Air } from './air.ts';
import { FirmwareDownload, type Said } from './firmware-download.ts';

const RETRY_MS = 2_000;
const RETRIES = 5;
const REBOOT_MS = 500;

/** Writes to FFE4: new firmware. The unit restarts its radio with the new version. */
export class FirmwarePart {
  readonly #air: Air;
  readonly #download = new FirmwareDownload();
  #version: string;
  #packets = 0;

  constructor(air: Air, version: string) {
    this.#air = air;
    this.#version = version;
  }

  /** The version that runs. */
  get version(): string {
    return this.#version;
  }

  disconnected(): void {
    this.#download.interrupt();
  }

  handle(written: Uint8Array): void {
    const bytes = Buffer.from(written);
    this.#packets += 1;
    switch (bytes[0]) {
      case 0x00:
        return this.#begin(bytes.subarray(3));
      case 0x01: {
        if (this.#air.take('ota', 'drop')) return this.#air.breakConnections();
        return this.#say(this.#air.take('ota', 'lose') ? null : this.#download.packet(bytes.subarray(1)));
      }
      case 0x02:
        return this.#end();
      default:
    }
  }

  #begin(body: Buffer): void {
    const { flags, body: reply } = this.#download.request(body, this.#version, this.#air.payload);
    this.#air.say('ota-request', { type: 0x09, header: Buffer.of(flags), body: reply });
    const { power, tasks } = this.#air;
    if ((flags & 1) === 1 && power !== null) tasks.track(this.#repeat(power.signal));
  }

  #end(): void {
    const said = this.#download.end(this.#air.take('ota', 'refuse'));
    this.#say(said);
    const { power, tasks } = this.#air;
    if (said?.kind === 'check' && said.result === 0x80 && power !== null)
      tasks.track(this.#reboot(power.signal));
  }

  #say(said: Said): void {
    if (said === null) return;
    if (said.kind === 'check')
      return this.#air.say('ota-check', { type: 0x0b, body: Buffer.of(said.result) });
    const body = Buffer.alloc(4);
    body.writeUInt32BE(said.received);
    this.#air.say('ota-progress', { type: 0x0a, header: Buffer.of(said.sequence), body });
  }

  /** Says again what it has while no packet comes, as the SDK's timer. */
  async #repeat(signal: AbortSignal): Promise<void> {
    for (let silent = 0; silent < RETRIES && this.#download.isOpen;) {
      const before = this.#packets;
      await this.#air.context.wait(RETRY_MS, signal);
      silent = this.#packets === before ? silent + 1 : 0;
      if (silent > 0 && this.#download.isOpen) this.#say(this.#download.progress);
    }
  }

  async #reboot(signal: AbortSignal): Promise<void> {
    await this.#air.context.wait(REBOOT_MS, signal);
    this.#version = this.#download.version;
    this.#air.breakConnections();
  }
}
