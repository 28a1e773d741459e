import { Fault } from '#shared/domain/fault.ts';
import type { BleConnection } from '../../../../../../station/core/platform/index.ts';

/** What a unit notifies after it was written to: by the short number of the characteristic and the bytes in hex. */
export type Script = readonly (readonly [write: string, ...notifications: string[]])[];

export interface ScriptedConnection extends BleConnection {
  /** What was written, as `FFE1 e0`; writes with a secret end with `(secret)`. */
  readonly written: readonly string[];
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const short = (uuid: string): string => uuid.slice(4, 8);

/**
 * A connection to a unit that answers by a script, in its order: a transcript of a foreign implementation. `drop`: the write after
 * which the connection breaks.
 */
export function scriptedConnection(
  services: readonly string[],
  script: Script,
  options: { readonly mtu?: number; readonly drop?: string } = {},
): ScriptedConnection {
  const written: string[] = [];
  const left = [...script];
  let listener: (value: Uint8Array) => void = () => undefined;
  let onLost: (fault: Fault) => void = () => undefined;
  const lost = (): Fault => new Fault('ble-lost', 'the Bluetooth connection broke');
  return {
    address: 'AA:BB:CC:DD:EE:FF',
    written,
    services: () => Promise.resolve(services),
    characteristics: () => Promise.resolve([]),
    read: () => Promise.resolve(new Uint8Array()),
    rssi: () => Promise.resolve(-40),
    mtu: () => Promise.resolve(options.mtu ?? 23),
    write(_service, characteristic, bytes, { secret = false }) {
      const text = `${short(characteristic)} ${hex(bytes)}`;
      written.push(secret ? `${text} (secret)` : text);
      if (text === options.drop) {
        queueMicrotask(() => onLost(lost()));
        return Promise.resolve();
      }
      const [next] = left;
      if (next === undefined || next[0].replaceAll(' ', '') !== text.replace(' ', ''))
        return Promise.resolve();
      left.shift();
      // Some come before the confirmation of the write, as on the air.
      for (const value of next.slice(1)) listener(Buffer.from(value.replaceAll(' ', ''), 'hex'));
      return Promise.resolve();
    },
    subscribe(_service, _characteristic, subscriber) {
      listener = subscriber;
      return Promise.resolve({ [Symbol.dispose]: () => undefined });
    },
    onLost(subscriber) {
      onLost = subscriber;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
