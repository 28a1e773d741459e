import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { UpdateHost } from '../../../../station/execution/verbs/ota-host.ts';
import type { RunContext } from '../../../../station/execution/run-context/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const digest = (algorithm: string, bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest('hex');

/** A host beside a module that has stored these bytes and tells their MD5. */
function hostOf(stored: Uint8Array): UpdateHost {
  let at = 0;
  const command = (line: string): Promise<string[]> => {
    if (line.endsWith('?'))
      return Promise.resolve([`+TCFWINFO:"2.0.0",${stored.length},"${digest('md5', stored)}",716800`]);
    const part = Buffer.from(stored.subarray(at, at + Number(line.split('=')[1])));
    at += part.length;
    return Promise.resolve([`+TCREADFWDATA:${part.length},${part.toString('hex')}`]);
  };
  return new UpdateHost({ device: { command } } as unknown as RunContext);
}

it('reads the firmware that a module has stored, and finds other firmware whose MD5 the module tells rightly', async () => {
  const firmware = Buffer.alloc(5000, 'firmware');
  const wanted = { version: '2.0.0', sha256: digest('sha256', firmware) };
  expect(await hostOf(firmware).readFirmware(wanted, NEVER_ABORTED)).toBe(5000);
  const other = Buffer.alloc(5000, 'another');
  expect(await faultOf(() => hostOf(other).readFirmware(wanted, NEVER_ABORTED))).toMatchObject({
    code: 'flash-mismatch',
  });
  expect(await hostOf(other).readFirmware({ ...wanted, sha256: null }, NEVER_ABORTED)).toBe(5000);
});
