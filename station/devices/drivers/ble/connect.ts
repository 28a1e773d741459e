import type { Noble, Peripheral } from '@stoprocent/noble';
import { withDeadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { linkLost } from './gatt-connection.ts';
import { ANSWER_GRACE_MS, type Radio } from './radio.ts';

/**
 * Terms of a link (Core Specification Vol 4 Part E 7.8.12): every 30 to 50 ms, so that one controller can serve many
 * units side by side, where noble's own 7.5 ms is meant for one; and 2 s without a word before it counts as broken.
 */
const TERMS = { minInterval: 24, maxInterval: 40, latency: 0, timeout: 200 };
/** A link that fails in its first moments (HCI 0x3e) is common on a busy band, and is tried again. */
const TRIES = 3;
/** The first exchange, noble's own MTU request, shows that a link stands; not every platform tells of it. */
const FIRST_EXCHANGE_MS = 300;

/** Makes a link to a unit that has been heard. Nobody may scan meanwhile. Faults: `ble-lost`, what ended the radio. */
export async function establish(
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
    throw linkLost(address, `was not made in ${timeoutMs} ms`);
  };
  for (let attempt = 1; ; attempt++) {
    try {
      const leftMs = deadline - performance.now();
      const link = noble.connectAsync(peripheral.id, TERMS);
      await withDeadline(link, {
        timeoutMs: leftMs,
        graceMs: ANSWER_GRACE_MS,
        signal: AbortSignal.any([signal, radio.lost]),
        onTimeout,
      });
      if (await stands(peripheral)) return;
    } catch (error) {
      if (error instanceof Fault) {
        cancel(noble, peripheral);
        if (error.code === 'ble-lost') await probe();
        throw error;
      }
      if (attempt === TRIES) throw linkLost(address, `was not made: ${String(error)}`);
    }
    if (attempt === TRIES) throw linkLost(address, 'broke as soon as it stood');
  }
}

function stands(peripheral: Peripheral): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (value: boolean): void => {
      clearTimeout(timer);
      peripheral.removeListener('mtu', good);
      peripheral.removeListener('disconnect', bad);
      resolve(value);
    };
    const good = (): void => settle(true);
    const bad = (): void => settle(false);
    const timer = setTimeout(good, FIRST_EXCHANGE_MS);
    peripheral.once('mtu', good);
    peripheral.once('disconnect', bad);
    if (peripheral.state !== 'connected') bad();
  });
}

/** A link that comes about all the same, in the same moment, is ended. */
function cancel(noble: Noble, peripheral: Peripheral): void {
  if (peripheral.state === 'connected') peripheral.disconnect();
  else noble.cancelConnect(peripheral.id);
}
