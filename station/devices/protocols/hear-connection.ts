import type { BleConnection } from '../../core/platform/index.ts';
import type { ValueListener } from './device-session.ts';

/**
 * A connection of which a listener gets every value that is read or notified. A subscription that the listener keeps is heard until the
 * connection ends or the characteristic is subscribed to again, also after its subscriber has ended it.
 *
 * @param listener `null`: none, and the connection is returned as it is
 */
export function hearConnection(connection: BleConnection, listener: ValueListener | null): BleConnection {
  if (listener === null) return connection;
  const kept = new Map<string, Disposable>();
  return {
    address: connection.address,
    services: (limits) => connection.services(limits),
    characteristics: (service, limits) => connection.characteristics(service, limits),
    rssi: (limits) => connection.rssi(limits),
    mtu: (limits) => connection.mtu(limits),
    onLost: (lost) => connection.onLost(lost),
    write: (service, characteristic, bytes, options) =>
      connection.write(service, characteristic, bytes, options),
    async read(service, characteristic, limits) {
      const value = await connection.read(service, characteristic, limits);
      listener.hears(value, service, characteristic);
      return value;
    },
    async subscribe(service, characteristic, subscriber, limits) {
      const key = `${service}/${characteristic}`;
      let isSubscribed = true;
      const receive = (value: Uint8Array): void => {
        listener.hears(value, service, characteristic);
        if (isSubscribed) subscriber(value);
      };
      const before = kept.get(key);
      const subscription = await connection.subscribe(service, characteristic, receive, limits);
      // After the new one has begun, so that no value is lost between them.
      before?.[Symbol.dispose]();
      kept.delete(key);
      const isKept = listener.isKept(service, characteristic);
      if (isKept) kept.set(key, subscription);
      return {
        [Symbol.dispose]() {
          isSubscribed = false;
          if (!isKept) subscription[Symbol.dispose]();
        },
      };
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}
