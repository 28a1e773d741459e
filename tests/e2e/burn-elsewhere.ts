import { randomBytes } from 'node:crypto';
import { device as deviceShape } from '#shared/recipe/index.ts';
import { createNodePlatform } from '#station';
import { SecretMask } from '../../station/core/secret-mask/index.ts';
import { openDevice } from '../../station/devices/protocols/index.ts';
import type { SimulatedUnits } from '../kit/units.ts';
import { soon } from '../support/patience.ts';
import { tempDir } from '../support/temp-dir.ts';

/** Another program burns an identity into the unit on a slot, which no station has open meanwhile. */
export async function burnElsewhere(
  units: SimulatedUnits,
  slot: number,
  identity: { readonly productId: string; readonly deviceName: string },
): Promise<void> {
  const signal = soon();
  using dir = tempDir('elsewhere');
  const platform = createNodePlatform(dir.path);
  const path = units.simulator.pathOf(slot);
  await using port = await platform.devicePorts.open(path, { baudRate: 115_200 }, signal);
  const settings = deviceShape.parse({
    profile: 'at-module',
    region: 'ap-guangzhou',
    serial: { commandTimeoutMs: 3_000 },
  });
  const { session: device } = openDevice(port, settings, { clock: platform.clock, mask: new SecretMask() });
  await device.identify(signal);
  await device.prepareWrite(signal);
  await device.writeIdentity({ ...identity, deviceSecret: randomBytes(16).toString('base64') }, signal);
}
