import type { DeviceContext } from '../../profiles/profile.ts';

const USUAL_TRAVEL_MS = 800;
const USUAL_CURRENT_MA = 310;
const TRAVEL_SPREAD_MS = 15;
const CURRENT_SPREAD_MA = 12;
/** When the end switch says nothing for so long, the motor is switched off. */
const GIVE_UP_MS = 1_500;

export interface Travel {
  /** False when the bolt did not get to its end. */
  readonly arrived: boolean;
  readonly ms: number;
  readonly currentMa: number;
}

/** The bolt and its motor. It stays where it is without power: it belongs to the unit, not to a stretch of power. */
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

  /** Drives the bolt out or in; `null` when it is on its way already. */
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
