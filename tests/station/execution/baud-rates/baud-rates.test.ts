import { expect, it } from 'vitest';
import { STATION_ITSELF } from '#station';
import { startStation } from '../../../kit/station.ts';
import { faultOf } from '../../../support/fault-of.ts';

it('a slot remembers a lower speed at its port, until it is forgotten or has another port', async () => {
  await using setup = await startStation();
  const { baudRates } = setup.station;
  expect(baudRates.limit(1, 'usb:1-1.1', 921_600)).toBe(921_600);
  baudRates.remember(1, 'usb:1-1.1', 921_600, 921_600);
  expect(baudRates.of(1, 'usb:1-1.1')).toBeNull();
  baudRates.remember(1, 'usb:1-1.1', 921_600, 460_800);
  expect(baudRates.limit(1, 'usb:1-1.1', 921_600)).toBe(460_800);
  // A recipe that wants less gets less, and that is no reason to remember it.
  expect(baudRates.limit(1, 'usb:1-1.1', 115_200)).toBe(115_200);
  expect(baudRates.limit(1, 'usb:1-1.2', 921_600)).toBe(921_600);
  expect(baudRates.limit(2, 'usb:1-1.1', 921_600)).toBe(921_600);
  baudRates.remember(1, 'usb:1-1.1', 460_800, 115_200);
  expect(baudRates.of(1, 'usb:1-1.1')).toBe(115_200);
  baudRates.forget(1, STATION_ITSELF);
  expect(baudRates.of(1, 'usb:1-1.1')).toBeNull();
  expect(await faultOf(() => baudRates.forget(1, STATION_ITSELF))).toMatchObject({ code: 'not-found' });
});
