import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyAudit } from '../../../../station/core/audit-log/index.ts';
import { hashPin } from '../../../../station/administration/users/index.ts';
import { createNodeRandom } from '../../../../station/devices/drivers/node/random.ts';
import { openDatabase } from '../../../../station/core/database/database.ts';
import { openStationDatabase, databaseFile } from '../../../../station/core/database/index.ts';
import { MIGRATIONS } from '../../../../station/core/database/migrations/index.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { openSeats, TERMINAL } from './seat-fixture.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

describe('users of a station', () => {
  it('are added and removed by somebody, which the trail keeps', async () => {
    using setup = openSeats();
    await setup.access.add('  Wang 工 ', 'engineer', '246813', TERMINAL);
    await setup.access.add('Li', 'support', '135790', TERMINAL);
    expect(setup.access.users()).toEqual([
      { name: 'Li', role: 'support' },
      { name: 'Wang 工', role: 'engineer' },
    ]);
    setup.access.remove('Li', TERMINAL);
    expect(setup.access.users()).toEqual([{ name: 'Wang 工', role: 'engineer' }]);
    const by = { actor: 'root', role: 'engineer' };
    expect(setup.trail()).toEqual([
      { ...by, action: 'person.add', subject: 'Wang 工', details: { role: 'engineer' } },
      { ...by, action: 'person.add', subject: 'Li', details: { role: 'support' } },
      { ...by, action: 'person.remove', subject: 'Li', details: { role: 'support' } },
    ]);
    expect(verifyAudit(setup.database).brokenAt).toBeNull();
  });

  it('who were removed can come back with another role and PIN; the old PIN is worth nothing', async () => {
    using setup = openSeats();
    await setup.know('Li', 'engineer', '111111');
    await setup.know('Chen', 'engineer', '864200');
    setup.access.remove('Li', TERMINAL);
    await setup.access.add('Li', 'support', '864200', TERMINAL);
    expect(
      (await faultOf(() => setup.access.signIn(setup.session(), 'Li', '111111', NEVER_ABORTED))).code,
    ).toBe('pin-wrong');
    await expect(setup.access.signIn(setup.session(), 'Li', '864200', NEVER_ABORTED)).resolves.toMatchObject({
      role: 'support',
    });
  });

  it.each([
    ['a name that is there', 'Li', '864209', 'bad-input'],
    ['the same name in another Unicode form', 'Zoe\u0301', '864209', 'bad-input'],
    ['no name', '   ', '864209', 'bad-input'],
    ['a name with a line break', 'Li\nroot', '864209', 'bad-input'],
    ['a name that turns the text round', 'Li\u202e', '864209', 'bad-input'],
    ['a name without end', 'x'.repeat(65), '864209', 'bad-input'],
    ['the name of the session itself', 'Operator', '864209', 'bad-input'],
    ['the name of the station itself', 'station', '864209', 'bad-input'],
    ['a short PIN', 'Zhao', '12345', 'bad-input'],
    ['a PIN that is guessed first', 'Zhao', '123456', 'bad-input'],
    ['a PIN of one digit', 'Zhao', '777777', 'bad-input'],
    ['a PIN without end', 'Zhao', '1'.repeat(65), 'bad-input'],
    ['a PIN nobody can type', 'Zhao', '12\u000034', 'bad-input'],
  ])('are not added with %s, and nothing is written', async (_, name, pin, code) => {
    using setup = openSeats();
    await setup.know('Li', 'support', '135790');
    await setup.know('Zo\u00e9', 'support', '135790');
    const fault = await faultOf(() => setup.access.add(name, 'engineer', pin, TERMINAL));
    expect(fault.code).toBe(code);
    expect(JSON.stringify([fault.message, fault.hint, fault.details])).not.toContain(pin);
    expect(setup.access.users()).toHaveLength(2);
    expect(setup.trail()).toEqual([]);
  });

  it('are removed except the last engineer who can sign in, and the records of their work stay', async () => {
    using setup = openSeats();
    for (const name of ['Li', 'Wang']) await setup.access.add(name, 'engineer', '246813', TERMINAL);
    await setup.access.signIn(setup.session(), 'Li', '246813', NEVER_ABORTED);
    setup.access.accounts.setEnabled('Wang', false, TERMINAL);
    // A disabled engineer could not manage the station.
    expect((await faultOf(() => setup.access.remove('Li', TERMINAL))).code).toBe('last-engineer');
    setup.access.accounts.setEnabled('Wang', true, TERMINAL);
    const before = setup.trail();
    setup.access.remove('Li', TERMINAL);
    expect(setup.trail().slice(0, before.length)).toEqual(before);
    expect((await faultOf(() => setup.access.remove('Wang', TERMINAL))).code).toBe('last-engineer');
    expect(setup.access.users()).toEqual([{ name: 'Wang', role: 'engineer' }]);
    expect(verifyAudit(setup.database).brokenAt).toBeNull();
  });

  it('who are not there cannot be removed', async () => {
    using setup = openSeats();
    expect((await faultOf(() => setup.access.remove('Li', TERMINAL))).code).toBe('not-found');
    expect(setup.trail()).toEqual([]);
  });

  it('leave no PIN in the data directory, in no form but its hash', async () => {
    using setup = openSeats();
    const pin = 'a PIN to find 246813579';
    await setup.access.add('Wang', 'engineer', pin, TERMINAL);
    await setup.access.signIn(setup.session(), 'Wang', pin, NEVER_ABORTED);
    await faultOf(() => setup.access.signIn(setup.session(), 'Wang', `${pin}!`, NEVER_ABORTED));
    for (const file of ['station.db', 'station.db-wal']) {
      const bytes = readFileSync(join(setup.dir, file));
      for (const form of [
        pin,
        Buffer.from(pin).toString('base64').slice(0, 20),
        Buffer.from(pin).toString('hex'),
      ])
        expect(bytes.includes(form)).toBe(false);
    }
  });

  it('of a station from before are there still, with the wrong PINs that were counted then', async () => {
    using dir = tempDir('users-before');
    const before = MIGRATIONS.filter(({ version }) => version < 100);
    const { db } = openDatabase(databaseFile(dir.path), before);
    const pinHash = await hashPin('246813', { random: createNodeRandom(), scryptLog2N: 4 });
    db.prepare(
      "INSERT INTO person VALUES ('Wang', 'engineer', ?, 1, NULL, 5), ('Li', 'support', ?, 1, 2, 3)",
    ).run(pinHash, pinHash);
    db.close();
    const database = openStationDatabase(dir.path);
    try {
      expect(database.users.findByName('Wang')).toEqual({ name: 'Wang', role: 'engineer', pinHash });
      expect(database.users.findByName('Li')).toBeNull();
      expect([...database.users.listWrongPins()]).toEqual([['Wang', 5]]);
      database.users.setWrongPins('Wang', 12);
      expect([...database.users.listWrongPins()]).toEqual([['Wang', 12]]);
    } finally {
      database.close();
    }
  });
});
