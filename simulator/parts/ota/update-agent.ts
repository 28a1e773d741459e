import type { IdentityName } from '#shared/domain/triple.ts';
import type { DeviceContext } from '../../profiles/profile.ts';
import { downloadFrom } from './http-range.ts';
import type { OtaMemory, UpdateOrder } from './ota-memory.ts';

const EXCHANGE_TIMEOUT_MS = 5_000;
/** Time to write the second slot of the flash, and the pause before a broken download continues. */
const BURN_MS = 2_000;
const RETRY_MS = 1_000;
const MAX_TRIES = 5;
/** The cloud allows a message in a few seconds; the SDK reports at each step of this size. */
const REPORT_STEP_PERCENT = 5;
/** Room for a firmware in the second slot. */
const SLOT_BYTES = 16 * 1024 * 1024;

/** The result codes of the device SDKs. */
const RESULT = { timedOut: -1, missing: -2, expired: -3, wrongMd5: -4, notWritten: -5 } as const;
export type UpdateFailure = (typeof RESULT)[keyof typeof RESULT];

/** What the unit does with an update. */
export interface UpdateListener {
  readonly onBegin?: () => void;
  readonly onFailed?: (code: UpdateFailure) => void;
  /** The firmware is in the second slot. */
  readonly onWhole: (version: string) => void;
  /** The supply fails for a moment. */
  readonly onPowerLost: () => void;
}

export interface UpdateConnection {
  publish(topic: string, payload: Uint8Array, qos: 0 | 1, timeoutMs: number): Promise<boolean>;
  subscribe(filter: string, qos: 0 | 1, timeoutMs: number): Promise<boolean>;
}

export function isUpdateTopic(topic: string): boolean {
  return topic.startsWith('$ota/update/');
}

/**
 * The updates of a unit over MQTT and HTTP: takes `update_firmware`, downloads by range, continues where it was, compares the MD5,
 * and reports its progress. Source: section 6.4 of the platform's MQTT documents. Subject to the fault `ota-fails`.
 */
export class UpdateAgent {
  readonly #context: DeviceContext;
  readonly #memory: OtaMemory;
  readonly #connection: UpdateConnection;
  readonly #signal: AbortSignal;
  readonly #listener: UpdateListener;
  #isBusy = false;

  constructor(
    context: DeviceContext,
    memory: OtaMemory,
    connection: UpdateConnection,
    listener: UpdateListener,
    signal: AbortSignal,
  ) {
    this.#context = context;
    this.#memory = memory;
    this.#connection = connection;
    this.#listener = listener;
    this.#signal = signal;
  }

  /** Called after a login: subscribes to updates, then reports the version. */
  async start(identity: IdentityName, version: string): Promise<void> {
    await this.#connection.subscribe(topicOf('update', identity), 1, EXCHANGE_TIMEOUT_MS);
    await this.#send(identity, { type: 'report_version', report: { version } });
  }

  /** Handles a message of the cloud on `$ota/update/…`. A second order during an update is ignored. */
  async onMessage(identity: IdentityName, payload: Uint8Array): Promise<void> {
    const order = readOrder(payload);
    if (order === null || this.#isBusy || this.#context.faults.get('ota-fails')?.by === 'silent') return;
    this.#isBusy = true;
    try {
      await this.#update(identity, order);
    } finally {
      this.#isBusy = false;
    }
  }

  async #update(identity: IdentityName, order: UpdateOrder): Promise<void> {
    const { faults, wait } = this.#context;
    this.#listener.onBegin?.();
    const fault = faults.get('ota-fails');
    if (order.sizeBytes > SLOT_BYTES || fault?.by === 'no-space') {
      faults.take('ota-fails');
      return this.#fail(identity, order, RESULT.notWritten, 'no space');
    }
    const failure = await this.#download(identity, order);
    if (this.#signal.aborted) return;
    if (failure !== null) return this.#fail(identity, order, failure, '');
    if (!this.#memory.isWhole || fault?.by === 'wrong-md5') {
      faults.take('ota-fails');
      this.#memory.erase();
      return this.#fail(identity, order, RESULT.wrongMd5, 'md5 check failed');
    }
    await this.#progress(identity, order, 'burning');
    await wait(BURN_MS, this.#signal);
    await this.#progress(identity, order, 'done');
    this.#listener.onWhole(order.version);
  }

  /** Returns the result code of a failure. */
  async #download(identity: IdentityName, order: UpdateOrder): Promise<UpdateFailure | null> {
    const { faults, wait } = this.#context;
    let reported = -REPORT_STEP_PERCENT;
    const reports: Promise<void>[] = [];
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      const { bytes } = this.#memory.begin(order);
      if (bytes.length >= order.sizeBytes) return null;
      let isLost = false;
      const onBytes = (received: Buffer): boolean => {
        const fault = faults.get('ota-fails');
        const before = this.#memory.cached?.bytes.length ?? 0;
        const stopAt = Math.floor((order.sizeBytes * (fault?.atPercent ?? 100)) / 100);
        const stops = fault?.by === 'power-lost' || fault?.by === 'connection-lost';
        isLost = stops && before < stopAt && before + received.length >= stopAt;
        this.#memory.append(isLost ? received.subarray(0, stopAt - before) : received);
        const length = this.#memory.cached?.bytes.length ?? 0;
        const percent = Math.floor((length * 100) / order.sizeBytes);
        if (percent >= reported + REPORT_STEP_PERCENT || isLost || percent === 100) {
          reported = percent;
          reports.push(this.#progress(identity, order, 'downloading', percent));
        }
        return !isLost && length < order.sizeBytes;
      };
      const by = faults.get('ota-fails')?.by;
      // A signature of before is refused by the server.
      const url = by === 'url-expired' ? order.url.replace(/expires=\d+/, 'expires=1000000000') : order.url;
      const { status } = await downloadFrom(url, bytes.length, onBytes, this.#signal);
      await Promise.all(reports.splice(0));
      if (status === 401 || status === 403) return this.#spent(RESULT.expired);
      if (status === 404 || status === 410) return this.#spent(RESULT.missing);
      if (isLost && faults.take('ota-fails')?.by === 'power-lost') {
        this.#listener.onPowerLost();
        return null;
      }
      if ((this.#memory.cached?.bytes.length ?? 0) >= order.sizeBytes) return null;
      await wait(RETRY_MS, this.#signal);
    }
    return RESULT.timedOut;
  }

  #spent(code: UpdateFailure): UpdateFailure {
    this.#context.faults.take('ota-fails');
    return code;
  }

  #fail(identity: IdentityName, order: UpdateOrder, code: UpdateFailure, text: string): Promise<void> {
    this.#listener.onFailed?.(code);
    // The cloud may send the next order as soon as it knows of the failure.
    this.#isBusy = false;
    return this.#report(identity, order, { state: 'fail', result_code: String(code), result_msg: text });
  }

  #progress(identity: IdentityName, order: UpdateOrder, state: string, percent?: number): Promise<void> {
    const part = percent === undefined ? {} : { percent: String(percent) };
    return this.#report(identity, order, { state, ...part, result_code: '0', result_msg: '' });
  }

  #report(identity: IdentityName, { version }: UpdateOrder, progress: object): Promise<void> {
    return this.#send(identity, { type: 'report_progress', report: { progress, version } });
  }

  async #send(identity: IdentityName, message: object): Promise<void> {
    const payload = Buffer.from(JSON.stringify(message));
    await this.#connection.publish(topicOf('report', identity), payload, 1, EXCHANGE_TIMEOUT_MS);
  }
}

function topicOf(direction: 'report' | 'update', { productId, deviceName }: IdentityName): string {
  return `$ota/${direction}/${productId}/${deviceName}`;
}

function readOrder(payload: Uint8Array): UpdateOrder | null {
  let message: Record<string, unknown>;
  try {
    message = JSON.parse(Buffer.from(payload).toString('utf8')) as Record<string, unknown>;
  } catch {
    return null;
  }
  const { type, version, url, md5sum, file_size: size } = message ?? {};
  if (type !== 'update_firmware' || typeof version !== 'string' || typeof url !== 'string') return null;
  if (typeof md5sum !== 'string' || typeof size !== 'number' || !URL.canParse(url)) return null;
  return { version, url, md5: md5sum.toLowerCase(), sizeBytes: size };
}
