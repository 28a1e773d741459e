import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { createNodePlatform } from '#station';
import { SecretMask } from '../../../../station/core/secret-mask/index.ts';
import type { RunContext } from '../../../../station/execution/run-context/index.ts';
import { UpdateHost } from '../../../../station/execution/verbs/ota-host.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { scriptedLink } from '../../devices/protocols/at-module/scripted-link.ts';

const digest = (algorithm: string, bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest('hex');

/** A host beside a module that has stored these bytes and tells their MD5. Returns the names of what it measures. */
async function readFrom(stored: Buffer, sha256: string | null): Promise<readonly string[]> {
  let at = 0;
  const port = scriptedLink((line) => {
    if (line === 'AT+TCFWINFO?')
      return `\r\n+TCFWINFO:"2.0.0",${stored.length},"${digest('md5', stored)}",716800\r\n\r\nOK\r\n`;
    const part = stored.subarray(at, at + Number(line.split('=')[1]));
    at += part.length;
    return `\r\n+TCREADFWDATA:${part.length},${part.toString('hex')}\r\n\r\nOK\r\n`;
  });
  const measured: string[] = [];
  const run = {
    serial: { port },
    platform: createNodePlatform('/nowhere'),
    io: { mask: new SecretMask() },
    showFlash: () => undefined,
    measure: ({ name }: { readonly name: string }) => void measured.push(name),
  } as unknown as RunContext;
  await new UpdateHost(run).readFirmware({ version: '2.0.0', sha256 }, NEVER_ABORTED);
  return measured;
}

it('finds other firmware in a module, also when the module tells its MD5 rightly', async () => {
  const firmware = Buffer.alloc(3000, 'firmware');
  const sha256 = digest('sha256', firmware);
  expect(await readFrom(firmware, sha256)).toEqual(['ota-read', 'ota-read-sha256']);
  const other = Buffer.alloc(3000, 'another');
  expect(await faultOf(() => readFrom(other, sha256))).toMatchObject({ code: 'flash-mismatch' });
  expect(await readFrom(other, null)).toEqual(['ota-read', 'ota-read-sha256']);
});
