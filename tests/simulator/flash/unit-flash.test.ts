import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  SecretVault,
  UnitFlash,
  type FlashOwner,
  type StoredIdentity,
} from '../../../simulator/flash/index.ts';
import { tempDir } from '../../support/temp-dir.ts';

const owner: FlashOwner = {
  mac: 'A2:B7:00:00:00:01',
  serialNumber: 'SN000001',
  firmwareSha256: 'ab'.repeat(32),
};
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const identityOf = (n: number): StoredIdentity => ({
  productId: `PID${n}`,
  deviceName: `dev-${n}`,
  deviceSecret: Buffer.from(`secret number ${n}..`).toString('base64'),
  region: 'ap-guangzhou',
});

describe("a unit's flash", () => {
  it('is a file of exactly the public shape from the start', async () => {
    using folder = tempDir();
    const vault = await SecretVault.open(folder.path);
    const flash = await UnitFlash.open(folder.path, vault, owner);
    const read = async (): Promise<unknown> =>
      JSON.parse(await readFile(join(folder.path, `${owner.mac}.json`), 'utf8'));
    expect(await read()).toEqual({ ...owner, identity: null, identityWrites: 0 });
    const identity = identityOf(1);
    await flash.writeIdentity(identity);
    expect(await read()).toEqual({
      ...owner,
      identity: { productId: 'PID1', deviceName: 'dev-1', secretSha256: sha256(identity.deviceSecret) },
      identityWrites: 1,
    });
    await flash.eraseIdentity();
    expect(await read()).toEqual({ ...owner, identity: null, identityWrites: 1 });
    expect((await readdir(folder.path)).filter((name) => name.endsWith('.json'))).toEqual([
      `${owner.mac}.json`,
    ]);
  });

  it('restores the secret after a restart, and does not reveal it to readers of the folder', async () => {
    using folder = tempDir();
    const identity = identityOf(7);
    const first = await UnitFlash.open(folder.path, await SecretVault.open(folder.path), owner);
    await first.writeIdentity(identity);
    const again = await UnitFlash.open(folder.path, await SecretVault.open(folder.path), owner);
    expect(again.identity).toEqual(identity);
    const raw = Buffer.from(identity.deviceSecret, 'base64');
    const forms = [identity.deviceSecret, raw.toString('latin1'), raw.toString('hex')];
    for (const name of await readdir(folder.path)) {
      const content = await readFile(join(folder.path, name), 'latin1');
      for (const form of forms) expect(content.includes(form), name).toBe(false);
    }
    expect((await stat(join(folder.path, 'flash.key'))).mode & 0o777).toBe(0o600);
  });

  it('has the old identity after a power loss between sealing the new secret and the commit', async () => {
    using folder = tempDir();
    const vault = await SecretVault.open(folder.path);
    const flash = await UnitFlash.open(folder.path, vault, owner);
    await flash.writeIdentity(identityOf(1));
    const committed = await readFile(join(folder.path, `${owner.mac}.json`));
    await flash.writeIdentity(identityOf(2));
    await writeFile(join(folder.path, `${owner.mac}.json`), committed);
    const again = await UnitFlash.open(folder.path, vault, owner);
    expect(again.identity).toEqual(identityOf(1));
  });

  it('keeps the serial number that is printed on the unit', async () => {
    using folder = tempDir();
    const vault = await SecretVault.open(folder.path);
    await UnitFlash.open(folder.path, vault, owner);
    const again = await UnitFlash.open(folder.path, vault, { ...owner, serialNumber: 'SN000900' });
    expect(again.record.serialNumber).toBe('SN000001');
  });

  it('reports a damaged file, a missing secret and another key', async () => {
    using folder = tempDir();
    const vault = await SecretVault.open(folder.path);
    const flash = await UnitFlash.open(folder.path, vault, owner);
    await flash.writeIdentity(identityOf(1));
    using other = tempDir();
    const otherVault = await SecretVault.open(other.path);
    await expect(UnitFlash.open(folder.path, otherVault, owner)).rejects.toMatchObject({
      code: 'secret-unreadable',
    });
    await writeFile(join(folder.path, `${owner.mac}.sealed`), '{}');
    await expect(UnitFlash.open(folder.path, vault, owner)).rejects.toMatchObject({
      code: 'secret-unreadable',
    });
    await writeFile(join(folder.path, `${owner.mac}.json`), '{"mac":');
    await expect(UnitFlash.open(folder.path, vault, owner)).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('equals a model after any sequence of writes, erasures and restarts', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('write' as const), n: fc.integer({ min: 0, max: 3 }) }),
      fc.constant({ do: 'erase' as const }),
      fc.constant({ do: 'restart' as const }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        using folder = tempDir();
        const vault = await SecretVault.open(folder.path);
        let flash = await UnitFlash.open(folder.path, vault, owner);
        let held: StoredIdentity | null = null;
        let writes = 0;
        for (const each of steps) {
          if (each.do === 'write') {
            await flash.writeIdentity(identityOf(each.n));
            held = identityOf(each.n);
            writes++;
          } else if (each.do === 'erase') {
            await flash.eraseIdentity();
            held = null;
          } else flash = await UnitFlash.open(folder.path, vault, owner);
          expect(flash.identity).toEqual(held);
          expect(flash.record.identityWrites).toBe(writes);
        }
      }),
      { numRuns: 15 },
    );
  });
});
