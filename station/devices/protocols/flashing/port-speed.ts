import type { DevicePort } from '../../../core/platform/index.ts';
import type { FlashJob } from './flash-protocol.ts';

/** The speed of a port during a job. Dispose of it to set the speed of before. */
export class PortSpeed implements AsyncDisposable {
  readonly #port: DevicePort;
  readonly #job: FlashJob;
  #baudRate: number;

  constructor(port: DevicePort, job: FlashJob) {
    this.#port = port;
    this.#job = job;
    this.#baudRate = job.portBaudRate;
  }

  get baudRate(): number {
    return this.#baudRate;
  }

  /** A port without a speed, such as a TCP connection, stays as it is. Faults: `port-lost`, `not-configured`. */
  async set(baudRate: number): Promise<void> {
    if (baudRate === this.#baudRate) return;
    if (this.#port.setBaudRate === undefined)
      this.#job.trace(`the port has no speed to set (${baudRate} baud)`);
    else {
      await this.#port.setBaudRate(baudRate);
      this.#job.trace(`${baudRate} baud`);
    }
    this.#baudRate = baudRate;
  }

  /** A port that was lost has no speed to restore, so that the fault of the job stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.set(this.#job.portBaudRate).catch(() => undefined);
  }
}
