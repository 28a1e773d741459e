import { STATION_OWNER } from '#shared/domain/device-owner.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { BoundTriple } from '../../identity/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { type RegistryClient, requireRegistry } from '../../registry-sync/client/index.ts';
import type { Measure, Provisioning, ProvisioningTask, Release } from './provisioning-task.ts';
import { provisioningTimeout } from './provisioning-timeout.ts';

export interface RunProvisioningOptions {
  /** Both as the run uses them, through its recording. */
  readonly platform: Pick<Platform, 'clock' | 'random'>;
  readonly registry: RegistryClient | null;
  /** Name of this station. */
  readonly station: string;
  /** The triple of the unit on the slot. */
  readonly bound: () => BoundTriple | null;
  /** The run goes on after a stop of the station: it may have left its unit bound. */
  readonly isResumed: boolean;
  /** See `Provisioning.network`. */
  readonly network: Provisioning['network'];
}

/** A token that this run has made. */
interface MadeToken {
  readonly tokenId: string;
  readonly token: string;
  readonly key: string;
  readonly device: BoundTriple;
  readonly madeAtMs: number;
  /** Monotonic. */
  readonly startedMs: number;
  readonly loginsBefore: number;
}

/** Longer than a run waits for its unit; a token that is left by a crash is of no use afterwards. */
const TOKEN_LIFE_MS = 3_600_000;
const POLL_MS = 200;
/** For the end of a run: a token that is not withdrawn expires by itself. */
const END_TIMEOUT_MS = 3000;
const RELEASE_REASON = 'end of the test';

/** The provisioning token of one run, and the owner that its unit has for the time of the test. */
export class RunProvisioning {
  readonly #options: RunProvisioningOptions;
  #made: MadeToken | null = null;
  /** The unit is bound to this station, as far as this run knows. */
  #isBound = false;

  constructor(options: RunProvisioningOptions) {
    this.#options = options;
  }

  /** As one attempt of a step uses it. */
  ofAttempt(measure: Measure): Provisioning {
    return {
      start: (signal) => this.#start(measure, signal),
      network: this.#options.network,
      release: (signal) => this.#release(signal),
    };
  }

  /** Withdraws a token that no unit was bound with. Faults: `device-bound` when the unit is still bound. */
  async end(): Promise<void> {
    const { registry } = this.#options;
    const made = this.#made;
    this.#made = null;
    if (made !== null && !this.#isBound && registry !== null)
      await registry
        .withdrawBindToken(made.tokenId, AbortSignal.timeout(END_TIMEOUT_MS))
        .catch(() => undefined);
    if (this.#isBound && made !== null)
      throw boundFault(made.device, this.#owner, 'The recipe has no "unbind" that was executed.');
  }

  async #start(measure: Measure, signal: AbortSignal): Promise<ProvisioningTask> {
    const { platform } = this.#options;
    const { registry, bound } = this.#require('provisioning');
    const { productId, deviceName } = bound;
    const made = this.#made;
    if (made !== null && made.device.tripleId === bound.tripleId) {
      const { state } = await registry.readBindToken(made.tokenId, signal);
      if (state === 'made' || state === 'reported') return this.#taskOf(made, measure);
    }
    await this.#releaseOwn(registry, bound, 'provisioned again', signal);
    this.#isBound = false;
    const startedMs = platform.clock.monotonicMs();
    const loginsBefore = (await registry.device(productId, deviceName, signal))?.logins ?? 0;
    const key = platform.random.id();
    const request = { productId, deviceName, lifeMs: TOKEN_LIFE_MS, key };
    const { tokenId, token, madeAtMs } = await registry.makeBindToken(request, signal);
    this.#made = { tokenId, token, key, device: bound, madeAtMs, startedMs, loginsBefore };
    return this.#taskOf(this.#made, measure);
  }

  #taskOf(made: MadeToken, measure: Measure): ProvisioningTask {
    return {
      token: made.token,
      awaitReported: (withinMs, signal) => this.#awaitReported(made, measure, withinMs, signal),
    };
  }

  async #awaitReported(
    made: MadeToken,
    measure: Measure,
    withinMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock } = this.#options.platform;
    const registry = requireRegistry(this.#options.registry);
    const untilMs = clock.monotonicMs() + withinMs;
    for (;;) {
      const view = await registry.readBindToken(made.tokenId, signal);
      if (view.state === 'bound') return;
      if (view.state === 'reported') break;
      if (view.state !== 'made' || clock.monotonicMs() >= untilMs)
        throw await provisioningTimeout(registry, made, view, withinMs, signal);
      await clock.sleep(POLL_MS, signal);
    }
    const seconds = Math.round((clock.monotonicMs() - made.startedMs) / 100) / 10;
    this.#isBound = true;
    await registry.bindDevice(made.tokenId, this.#owner, made.key, signal);
    measure({ name: 'seconds-to-online', value: seconds, unit: 's', limits: '', outcome: 'PASS' });
  }

  async #release(signal: AbortSignal): Promise<Release | null> {
    const { bound, isResumed } = this.#options;
    if (bound() === null || (this.#made === null && !isResumed)) return null;
    const needed = this.#require('unbind');
    const released = await this.#releaseOwn(needed.registry, needed.bound, RELEASE_REASON, signal);
    this.#isBound = false;
    return released;
  }

  /** Ends a binding to this station. Faults: `device-bound` for another owner. */
  async #releaseOwn(
    registry: RegistryClient,
    bound: BoundTriple,
    reason: string,
    signal: AbortSignal,
  ): Promise<Release> {
    const { productId, deviceName } = bound;
    const owner = (await registry.readOwner(productId, deviceName, signal))?.owner?.owner;
    if (owner === undefined) return { released: false, told: true };
    if (owner !== this.#owner) throw boundFault(bound, owner);
    const given = { reason, by: this.#owner, owner };
    return registry.unbindDevice(productId, deviceName, given, signal);
  }

  #require(step: string): { readonly registry: RegistryClient; readonly bound: BoundTriple } {
    const bound = this.#options.bound();
    if (bound === null) throw new Fault('recipe-invalid', `${step} needs a burn-triple step before it`);
    return { registry: requireRegistry(this.#options.registry), bound };
  }

  get #owner(): string {
    return `${STATION_OWNER}${this.#options.station}`;
  }
}

function boundFault({ deviceName }: BoundTriple, owner: string, hint?: string): Fault {
  return new Fault('device-bound', `${deviceName} is bound to ${owner}`, {
    hint:
      hint ??
      'Find out whose it is. Support releases it on the page "Returns", or with "gongwei unit unbind".',
    details: { deviceName, owner },
  });
}
