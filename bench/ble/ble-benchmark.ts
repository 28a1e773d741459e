import type { Noble, Peripheral as NoblePeripheral } from '@stoprocent/noble';
import {
  advertisingData,
  installVirtualDriver,
  nameScanResponse,
  type Peripheral,
  RadioMedium,
  startPeripheral,
  VIRTUAL_DRIVER,
  VirtualController,
} from '../../simulator/radio/index.ts';
import { createBleCentral } from '../../station/devices/drivers/ble/index.ts';
import type { Benchmark } from '../lib/benchmark.ts';
import { NEVER_ABORTED } from '../lib/never-aborted.ts';
import { median, quantile, rounded } from '../lib/statistics.ts';

const EXCHANGES = 2000;
/** The two take turns of so many exchanges, so that a busy machine is busy for both. */
const TURN = 50;
const WARM_UP = 200;
const SERVICE = 'FFF0';
const VALUE = 'FFF2';
const LIMITS = { timeoutMs: 60_000, signal: NEVER_ABORTED };
/** Each host has an adapter and a unit of its own, because a unit takes one connection. */
const UNITS = { bare: 'A2:B7:00:00:00:01', ours: 'A2:B7:00:00:00:02' } as const;

/** One read of a characteristic over a virtual medium: noble alone, and through the `BleCentral` of the station. */
export const bleBenchmark: Benchmark = {
  purpose:
    'a read of a characteristic over a virtual medium: bare noble, and BleCentral over the same noble, in turns',
  async run(row, log) {
    installVirtualDriver();
    await using medium = new RadioMedium({ timeScale: 0 });
    for (const address of Object.values(UNITS)) (await startUnit(medium, address)).controller.radioOn = true;
    const noble = await openNoble(new VirtualController(medium, { address: 'A2:AD:00:00:00:01' }));
    try {
      const controller = new VirtualController(medium, { address: 'A2:AD:00:00:00:02' });
      await using ble = createBleCentral({
        kind: 'driver',
        driver: VIRTUAL_DRIVER,
        parameters: { controller },
      });
      log('connecting');
      const readBare = await connectBare(noble, UNITS.bare);
      await using link = await ble.connect(UNITS.ours, LIMITS);
      const readOurs = async (): Promise<number> => (await link.read(SERVICE, VALUE, LIMITS)).length;
      await timesOf(readBare, WARM_UP);
      await timesOf(readOurs, WARM_UP);
      log(`${EXCHANGES} exchanges each, in turns of ${TURN}`);
      const bare: number[] = [];
      const ours: number[] = [];
      for (let done = 0; done < EXCHANGES; done += TURN) {
        bare.push(...(await timesOf(readBare, TURN)));
        ours.push(...(await timesOf(readOurs, TURN)));
      }
      for (const [subject, times] of [
        ['noble', bare],
        ['BleCentral', ours],
      ] as const)
        row({
          case: 'read',
          subject,
          exchanges: times.length,
          medianMs: rounded(median(times), 3),
          p99Ms: rounded(quantile(times, 0.99), 3),
        });
      const differenceMs = median(ours) - median(bare);
      row({
        case: 'read',
        subject: 'difference',
        medianMs: rounded(differenceMs, 3),
        ratio: rounded(median(ours) / median(bare)),
      });
    } finally {
      noble.stop();
    }
  },
};

async function timesOf(work: () => Promise<number>, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const startMs = performance.now();
    await work();
    times.push(performance.now() - startMs);
  }
  return times;
}

function startUnit(medium: RadioMedium, address: string): Promise<Peripheral> {
  return startPeripheral(medium, {
    address,
    name: 'UNIT',
    advertisement: advertisingData({ services: [SERVICE] }),
    scanResponse: nameScanResponse('UNIT') ?? Buffer.alloc(0),
    services: [{ uuid: SERVICE, characteristics: [{ uuid: VALUE, read: () => Buffer.alloc(20, 0x5a) }] }],
  });
}

async function openNoble(controller: VirtualController): Promise<Noble> {
  const { withBindings } = await import('@stoprocent/noble');
  const noble = withBindings('hci', {
    hciDriver: VIRTUAL_DRIVER as 'uart',
    bindParams: { controller } as never,
  });
  await noble.waitForPoweredOnAsync();
  return noble;
}

async function connectBare(noble: Noble, address: string): Promise<() => Promise<number>> {
  const unit = await new Promise<NoblePeripheral>((resolve, reject) => {
    noble.on('discover', (heard) => {
      if (heard.address.toUpperCase() === address) resolve(heard);
    });
    noble.startScanningAsync([], true).catch(reject);
  });
  await noble.stopScanningAsync();
  await unit.connectAsync();
  const { characteristics } = await unit.discoverSomeServicesAndCharacteristicsAsync(
    [SERVICE.toLowerCase()],
    [VALUE.toLowerCase()],
  );
  const [value] = characteristics;
  if (value === undefined) throw new Error('the unit has no value');
  return async () => (await value.readAsync()).length;
}
