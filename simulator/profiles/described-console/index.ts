/**
 * Units with a text console that takes an identity (docs/devices/described-units.md). They differ in what they show of the
 * secret. The console is that of the example in docs/recipes.md.
 */
import { DescribedDevice } from '../../parts/described/index.ts';
import type { ProofKind } from '../../parts/identity/index.ts';
import { createRandom } from '../../platform/index.ts';
import type { DeviceProfile } from '../profile.ts';
import { FIRMWARE, IdentityConsole } from './console.ts';
import { consoleDialect } from './dialect.ts';

const LIMITS = { productId: 16, deviceName: 48, deviceSecret: 44 } as const;
const PROOFS: readonly ProofKind[] = ['full', 'sha256', 'md5', 'bcc', 'crc32', 'name'];

/** `described-full`, `described-sha256` and so on: named by what the read-back shows of the secret. */
export const describedConsoles: readonly DeviceProfile[] = PROOFS.map((proof) => ({
  name: `described-${proof}`,
  factoryFirmware: `${FIRMWARE.model} ${FIRMWARE.version}`,
  values: ['vcc'],
  create(context) {
    const dialect = consoleDialect(context.dialect, context.unit, createRandom(context.mac, 'dialect'));
    const requests = new IdentityConsole(proof, dialect);
    return new DescribedDevice(context, {
      firmwareVersion: FIRMWARE.version,
      limits: LIMITS,
      banner: requests.line('READY'),
      requests,
    });
  },
}));
