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
/** The first exchange, noble's own MTU request, shows that a connection works; not every platform reports it. */
const FIRST_EXCHANGE_MS = 300;

/**
 * Connects to a unit that advertised. No scan may run meanwhile. Faults: `ble-lost`, that of a lost radio, the signal's
 * reason.
 *
 * @param probe checks the adapter after a failure; throws the fault of a lost one
 */
export async function connectPeripheral(
  radio: Radio,
  peripheral: Peripheral,
  address: string,
  timeoutMs: number,
  signal: AbortSignal,
  probe: () => Promise<void>,
): Promise<void> {
  const { noble } = radio;
  const deadline = performance.now() + timeoutMs;
  const onTimeout = (): never => {
    throw connectionLost(address, `was not made in ${timeoutMs} ms`);
  };
  for (let attempt = 1; ; attempt++) {
    try {
      const leftMs = deadline - performance.now();
      const connected = noble.connectAsync(peripheral.id, CONNECTION_PARAMETERS);
      await withDeadline(connected, {
        timeoutMs: leftMs,
        graceMs: ANSWER_GRACE_MS,
        signal: AbortSignal.any([signal, radio.lost]),
        onTimeout,
      });
      if (await isEstablished(peripheral)) return;
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
