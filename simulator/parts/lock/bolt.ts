import type { DeviceContext } from '../../profiles/profile.ts';

const USUAL_TRAVEL_MS = 800;
const USUAL_CURRENT_MA = 310;
const TRAVEL_SPREAD_MS = 15;
const CURRENT_SPREAD_MA = 12;
/** Time after which the motor is switched off when the end switch does not close. */
const GIVE_UP_MS = 1_500;

export interface Travel {
  /** False when the bolt did not reach its end position. */
  readonly arrived: boolean;
  readonly ms: number;
  readonly currentMa: number;
}

/** The bolt and its motor. The bolt keeps its position without power, so that it belongs to the unit. */
export class Bolt {
  readonly #context: DeviceContext;
  #out = true;
  #moving = false;

  constructor(context: DeviceContext) {
    this.#context = context;
  }

  /** Whether the door is locked: the bolt is out. */
  get out(): boolean {
    return this.#out;
  }

  get moving(): boolean {
    return this.#moving;
  }

  /** Drives the bolt out or in. Returns `null` when it is moving already. */
  async drive(out: boolean, signal: AbortSignal): Promise<Travel | null> {
    if (this.#moving) return null;
    const { faults, measure, random, wait } = this.#context;
    const stuck = faults.take('motor-stuck') !== null;
    const spread = random.integer(-TRAVEL_SPREAD_MS, TRAVEL_SPREAD_MS);
    const ms = Math.max(0, Math.round(stuck ? GIVE_UP_MS : measure('motor-ms', USUAL_TRAVEL_MS) + spread));
    const stall = stuck ? 2 : 1;
    const currentMa =
      Math.round(measure('motor-ma', USUAL_CURRENT_MA) * stall) +
      random.integer(-CURRENT_SPREAD_MA, CURRENT_SPREAD_MA);
    this.#moving = true;
    try {
      await wait(ms, signal);
      if (!stuck) this.#out = out;
      return { arrived: !stuck, ms, currentMa };
    } finally {
      this.#moving = false;
    }
  }
}
