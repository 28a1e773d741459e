import type { Noble, Peripheral } from '@stoprocent/noble';
import { withDeadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { connectionLost } from './gatt-connection.ts';
import { ANSWER_GRACE_MS, type Radio } from './radio.ts';

/**
 * Parameters of a connection (Core Specification Vol 4 Part E 7.8.12): an interval of 30 to 50 ms, so that one controller
 * can serve many units side by side, where noble's 7.5 ms is meant for one; and a supervision timeout of 2 s.
 */
const CONNECTION_PARAMETERS = { minInterval: 24, maxInterval: 40, latency: 0, timeout: 200 };
/** A connection that fails at once (HCI 0x3e) is common on a busy band, and is tried again. */
const MAX_ATTEMPTS = 3;
/** noble's own request for an MTU, which it makes of every connection. */
const USUAL_MTU_BYTES = 256;
/** The least MTU of all (Core Specification Vol 3 Part F 3.2.8). */
const LEAST_MTU_BYTES = 23;
/** The first exchange, noble's own MTU request, shows that a connection works; not every platform reports it. */
const FIRST_EXCHANGE_MS = 300;

/** How a unit is connected to. */
export interface ConnectWays {
  readonly timeoutMs: number;
  /** The MTU to ask for, in bytes. */
  readonly mtu: number | undefined;
}

/**
 * Connects to a unit that advertised; returns the MTU of the connection in bytes. No scan may run meanwhile. Faults:
 * `ble-lost`, that of a lost radio, the signal's reason.
 *
 * @param probe checks the adapter after a failure; throws the fault of a lost one
 */
export async function connectPeripheral(
  radio: Radio,
  peripheral: Peripheral,
  address: string,
  { timeoutMs, mtu = USUAL_MTU_BYTES }: ConnectWays,
  signal: AbortSignal,
  probe: () => Promise<void>,
): Promise<number> {
  const { noble } = radio;
  const deadline = performance.now() + timeoutMs;
  // By noble's types it does not take an MTU.
  const parameters = { ...CONNECTION_PARAMETERS, mtu };
  const onTimeout = (): never => {
    throw connectionLost(address, `was not made in ${timeoutMs} ms`);
  };
  for (let attempt = 1; ; attempt++) {
    try {
      // noble keeps that of the connection before.
      (peripheral as { mtu: number | null }).mtu = null;
      const leftMs = deadline - performance.now();
      const connected = noble.connectAsync(peripheral.id, parameters);
      await withDeadline(connected, {
        timeoutMs: leftMs,
        graceMs: ANSWER_GRACE_MS,
        signal: AbortSignal.any([signal, radio.lost]),
        onTimeout,
      });
      if (await isEstablished(peripheral)) return settleMtu(noble, peripheral, mtu);
    } catch (error) {
      if (error instanceof Fault) {
        cancel(noble, peripheral);
        if (error.code === 'ble-lost') await probe();
        throw error;
      }
      if (attempt === MAX_ATTEMPTS) throw connectionLost(address, `was not made: ${String(error)}`);
    }
    if (attempt === MAX_ATTEMPTS) throw connectionLost(address, 'broke as soon as it was made');
  }
}

/** Internals of noble: the attribute protocol of each peripheral, where noble speaks it itself. */
interface NobleGatts {
  readonly _bindings?: { readonly _gatts?: Readonly<Record<string, { _mtu: number } | undefined>> };
}

/** The MTU is the smaller one of what both sides have offered; noble takes the offer of the unit for it. */
function settleMtu(noble: Noble, peripheral: Peripheral, asked: number): number {
  const used = Math.min(asked, peripheral.mtu ?? LEAST_MTU_BYTES);
  const gatt = (noble as unknown as NobleGatts)._bindings?._gatts?.[peripheral.id];
  if (gatt !== undefined) gatt._mtu = used;
  return used;
}

async function isEstablished(peripheral: Peripheral): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onMtu = (): void => resolve(true);
  const onDisconnect = (): void => resolve(false);
  peripheral.once('mtu', onMtu);
  peripheral.once('disconnect', onDisconnect);
  if (peripheral.state !== 'connected') onDisconnect();
  try {
    return await withDeadline(promise, { timeoutMs: FIRST_EXCHANGE_MS, onTimeout: () => true });
  } finally {
    peripheral.removeListener('mtu', onMtu);
    peripheral.removeListener('disconnect', onDisconnect);
  }
}

/** Cancels a connection attempt; one that succeeded in the same moment is ended. */
function cancel(noble: Noble, peripheral: Peripheral): void {
  if (peripheral.state === 'connected') peripheral.disconnect();
  else noble.cancelConnect(peripheral.id);
}
