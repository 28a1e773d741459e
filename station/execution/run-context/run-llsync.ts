import { createHmac } from 'node:crypto';
import { Fault } from '#shared/domain/fault.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { BleConnection } from '../../core/platform/index.ts';
import { authenticationCode, LlsyncDevice, type LlsyncKeys } from '../../devices/protocols/index.ts';
import type { BoundTriple, Ledger } from '../../identity/index.ts';
import type { RunIo } from '../recording/index.ts';
import type { RunBle } from './run-ble.ts';

export interface RunLlsyncOptions {
  readonly ble: RunBle;
  readonly io: RunIo;
  readonly ledger: Ledger;
  readonly runId: string;
  /** The triple of the unit on the slot. */
  readonly bound: () => BoundTriple | null;
}

const LOCAL_KEY_BYTES = 4;
const BIND_ID_BYTES = 8;

/**
 * The data service of LLSync in one run: the keys of its binding, and the device on the present connection. The local key follows
 * from the DeviceSecret and the run, so that a repeated step and a resumed run have the same one and nothing needs to be kept.
 */
export class RunLlsync {
  readonly #options: RunLlsyncOptions;
  /** The run whose keys the unit has. */
  #keyRunId: string;
  #device: { readonly of: BleConnection; readonly device: LlsyncDevice } | null = null;

  constructor(options: RunLlsyncOptions) {
    this.#options = options;
    this.#keyRunId = options.runId;
  }

  /** Uses the device; `RunBle` connects first when there is no connection. Faults: those of `RunBle.use` and `LlsyncDevice`. */
  async use<T>(
    answerMs: number,
    work: (device: LlsyncDevice) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const { ble, io } = this.#options;
    const keys = this.keys();
    return ble.use(async (connection) => {
      if (this.#device?.of !== connection) {
        const link = { connection, clock: io.clock, mask: io.mask };
        this.#device = { of: connection, device: await LlsyncDevice.open(link, { keys, answerMs }, signal) };
      }
      return work(this.#device.device);
    }, signal);
  }

  /** Name of the unit's identity. Faults: `recipe-invalid` before one was burned. */
  get name(): IdentityName {
    return this.#bound();
  }

  /**
   * The run among `runIds` whose bind id a bound unit advertises; `null` when it is none of them. Faults: `recipe-invalid` before an
   * identity was burned, `secret-unreadable`.
   *
   * @param bindId hexadecimal
   */
  async runOf(bindId: string, runIds: readonly string[]): Promise<string | null> {
    const { io, ledger } = this.#options;
    const bound = this.#bound();
    const { value } = await io.request({ kind: 'secret', key: 'LLSync run of a binding' }, () =>
      ledger.withSecret(bound, ({ deviceSecret }) => {
        const secret = Buffer.from(deviceSecret, 'base64');
        return Promise.resolve({
          value: runIds.find((id) => Buffer.from(bindIdBytes(secret, id)).toString('hex') === bindId) ?? '',
        });
      }),
    );
    return value === '' ? null : String(value);
  }

  /** Uses the keys of another run of this station, which has left the unit bound; those of this run when left out. */
  useKeysOf(runId: string = this.#options.runId): void {
    this.#keyRunId = runId;
    this.#device = null;
  }

  /** The keys of the unit's binding by this run. Faults: `recipe-invalid` before an identity was burned. */
  keys(): LlsyncKeys {
    const bound = this.#bound();
    const runId = this.#keyRunId;
    const { io } = this.#options;
    return {
      name: bound,
      nowS: () => io.input('time', 'of LLSync', () => Math.floor(io.clock.nowMs() / 1000)),
      secretCode: (text) =>
        this.#recorded(bound, 'LLSync code by the DeviceSecret', (secret) =>
          authenticationCode(secret, text),
        ),
      localCode: (text) =>
        this.#recorded(bound, 'LLSync code by the local key', (secret) =>
          authenticationCode(localKeyOf(secret, runId), text),
        ),
      bindId: () => this.#recorded(bound, 'LLSync bind id', (secret) => bindIdBytes(secret, runId)),
      localKey: () => {
        // A replay sends nothing, and its recording has asterisks.
        if (io.isReplay) return Promise.resolve(new Uint8Array(LOCAL_KEY_BYTES));
        return this.#options.ledger.withSecret(bound, ({ deviceSecret }) => {
          const key = localKeyOf(Buffer.from(deviceSecret, 'base64'), runId);
          io.mask.conceal(key);
          return Promise.resolve(key);
        });
      },
    };
  }

  /** Bytes that follow from the secret and may be recorded: a replay does not have the secret. */
  async #recorded(
    bound: BoundTriple,
    key: string,
    make: (secret: Uint8Array) => Uint8Array,
  ): Promise<Uint8Array> {
    const { io, ledger } = this.#options;
    const { value } = await io.request({ kind: 'secret', key }, () =>
      ledger.withSecret(bound, ({ deviceSecret }) =>
        Promise.resolve({ value: Buffer.from(make(Buffer.from(deviceSecret, 'base64'))).toString('hex') }),
      ),
    );
    return new Uint8Array(Buffer.from(String(value), 'hex'));
  }

  #bound(): BoundTriple {
    const bound = this.#options.bound();
    if (bound !== null) return bound;
    throw new Fault('recipe-invalid', 'a step of LLSync needs a burn-triple step before it');
  }
}

function bindIdBytes(secret: Uint8Array, runId: string): Uint8Array {
  return derive(secret, `bind id of ${runId}`, BIND_ID_BYTES);
}

function localKeyOf(secret: Uint8Array, runId: string): Uint8Array {
  return derive(secret, `local key of ${runId}`, LOCAL_KEY_BYTES);
}

function derive(secret: Uint8Array, what: string, bytes: number): Uint8Array {
  return new Uint8Array(
    createHmac('sha256', secret).update(`gongwei LLSync ${what}`).digest().subarray(0, bytes),
  );
}
