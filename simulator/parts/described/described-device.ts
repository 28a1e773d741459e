import type { Device, DeviceContext } from '../../profiles/profile.ts';
import { FieldMemory, type FieldLimits } from '../identity/index.ts';
import { Tasks } from '../tasks.ts';
import { CloudLogin } from './cloud-login.ts';

/** The unit as its requests see it, from a boot to the next power-off or restart. */
export interface RunningUnit {
  readonly context: DeviceContext;
  readonly memory: FieldMemory;
  readonly cloud: CloudLogin;
  /** Fires at power-off and restart. */
  readonly signal: AbortSignal;
}

/** The protocol of a unit: splits bytes into requests and answers each. */
export interface Requests<R> {
  /** Takes bytes from the station and gives the complete requests. Does not throw for any bytes. */
  push(bytes: Uint8Array): readonly R[];
  /** Discards an incomplete request, as at a boot. */
  clear(): void;
  /** Executes a request. `null`: no answer. Rejects when the unit's signal fires. */
  answer(request: R, unit: RunningUnit): Promise<Uint8Array | null>;
}

export interface DescribedKind<R> {
  /** Version of the firmware of the factory, as the unit reports it to its cloud. */
  readonly firmwareVersion: string;
  readonly limits: FieldLimits;
  /** What the unit sends when it has booted. */
  readonly banner: Uint8Array;
  readonly requests: Requests<R>;
}

const BOOT_MS = 150;
const ANSWER_MS = { least: 2, most: 8 } as const;
/** Requests that wait for their turn. A unit loses the others, as a UART whose buffer is full. */
const MOST_WAITING = 8;

interface Power {
  readonly control: AbortController;
  readonly unit: RunningUnit;
  ready: boolean;
  waiting: number;
  /** Ends when the last request is answered. */
  last: Promise<void>;
}

/** A unit with a protocol of its own. It answers one request after the other. */
export class DescribedDevice<R> implements Device {
  readonly #context: DeviceContext;
  readonly #kind: DescribedKind<R>;
  readonly #tasks: Tasks;
  readonly #memory: FieldMemory;
  readonly #cloud: CloudLogin;
  #power: Power | null = null;
  /** The unit has restarted for an update, and logs in by itself. */
  #logsInAgain = false;

  constructor(context: DeviceContext, kind: DescribedKind<R>) {
    this.#context = context;
    this.#kind = kind;
    this.#tasks = new Tasks(context.onError);
    this.#memory = new FieldMemory(context, kind.limits, () => this.#restart());
    this.#cloud = new CloudLogin({
      context,
      factoryVersion: kind.firmwareVersion,
      tasks: this.#tasks,
      restart: () => {
        this.#logsInAgain = true;
        this.#restart();
      },
    });
  }

  /** The running unit; `null` while it boots and without power. */
  get running(): RunningUnit | null {
    return this.#power?.ready === true ? this.#power.unit : null;
  }

  powerOn(): void {
    const control = new AbortController();
    const unit: RunningUnit = {
      context: this.#context,
      memory: this.#memory,
      cloud: this.#cloud,
      signal: control.signal,
    };
    const power: Power = { control, unit, ready: false, waiting: 0, last: Promise.resolve() };
    this.#power = power;
    this.#kind.requests.clear();
    this.#cloud.powerOn(control.signal);
    this.#tasks.track(this.#boot(power));
  }

  async powerOff(): Promise<void> {
    this.#stop();
    await this.#tasks.settled();
    await this.#context.flash.settle();
  }

  receive(bytes: Uint8Array): void {
    const power = this.#power;
    if (power === null || !power.ready) return;
    for (const request of this.#kind.requests.push(bytes)) {
      if (power.waiting >= MOST_WAITING) continue;
      power.waiting += 1;
      power.last = power.last.then(() => this.#execute(request, power));
      this.#tasks.track(power.last);
    }
  }

  /** Tracks work of the unit outside of its serial line, so that power-off waits for it. */
  track(work: Promise<void>): void {
    this.#tasks.track(work);
  }

  async #boot(power: Power): Promise<void> {
    await this.#context.wait(BOOT_MS, power.control.signal);
    power.ready = true;
    this.#context.send(this.#kind.banner);
    if (!this.#logsInAgain) return;
    this.#logsInAgain = false;
    await this.#cloud.open(power.control.signal);
  }

  async #execute(request: R, power: Power): Promise<void> {
    const { signal } = power.control;
    power.waiting -= 1;
    if (signal.aborted) return;
    const { random, commandStarted, wait, send } = this.#context;
    commandStarted();
    await wait(random.integer(ANSWER_MS.least, ANSWER_MS.most), signal);
    const answer = await this.#kind.requests.answer(request, power.unit);
    if (answer !== null && !signal.aborted) send(answer);
  }

  #stop(): void {
    const power = this.#power;
    if (power === null) return;
    this.#power = null;
    power.control.abort();
    this.#tasks.track(this.#cloud.close(true));
  }

  #restart(): void {
    if (this.#power === null) return;
    this.#stop();
    this.powerOn();
  }
}
