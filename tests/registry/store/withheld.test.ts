import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MIGRATIONS } from '../../../registry/store/migrations/index.ts';
import { openStore } from '../../../registry/store/index.ts';
import { openDatabase } from '../../../registry/store/open-database.ts';
import { PRODUCT } from '../support/registry-fixture.ts';
import { tempDir } from '../../support/temp-dir.ts';

/** A database of the version before, in which a restore had leased the available triples to a station of this name. */
function makeOld(file: string): void {
  const db = openDatabase(
    file,
    MIGRATIONS.filter(({ version }) => version <= 100),
  );
  const device = (id: number, state: string, leasedTo: string | null, chipId: string | null): string =>
    `INSERT INTO devices (id, product_id, device_name, client_id, sealed_secret, state, leased_to, chip_id, created_ms)
     VALUES (${id}, '${PRODUCT}', 'd${id}', '${PRODUCT}d${id}', x'00', '${state}',
       ${leasedTo === null ? 'NULL' : `'${leasedTo}'`}, ${chipId === null ? 'NULL' : `'${chipId}'`}, 1);`;
  db.exec(`
    INSERT INTO products VALUES ('${PRODUCT}', 'lamp', 1);
    ${device(1, 'available', null, null)}
    ${device(2, 'leased', 'held back ', null)}
    ${device(3, 'leased', 'S1', null)}
    ${device(4, 'bound', 'held back ', 'A2B700000004')}
    ${device(5, 'leased', 'held back ', null)}
    INSERT INTO leases VALUES ('L', 'held back ', 'r', '${PRODUCT}', 3, 1, NULL);
    INSERT INTO leases VALUES ('M', 'held back ', 's', '${PRODUCT}', 1, 1, NULL);
    INSERT INTO lease_acts VALUES (1, 'M', 'quarantine', 'lost', 'Wang', 1, 1);
    UPDATE leases SET quarantined_by = 1 WHERE lease_id = 'M';
    UPDATE devices SET quarantined_by = 1 WHERE id = 5;`);
  db.close();
}

it('triples that an older version leased to "held back " are withheld, and belong to no station', () => {
  using dir = tempDir();
  const file = join(dir.path, 'registry.db');
  makeOld(file);
  using store = openStore(file);
  const available = (): string[] => store.devices.available(PRODUCT, -1).map(({ deviceName }) => deviceName);
  expect(available()).toEqual(['d1']);
  expect(store.devices.countAvailable(PRODUCT)).toBe(1);
  expect(store.devices.facts(PRODUCT, 'd2')).toMatchObject({ state: 'leased', leasedTo: null });
  expect(store.devices.facts(PRODUCT, 'd3')).toMatchObject({ state: 'leased', leasedTo: 'S1' });
  expect(store.devices.facts(PRODUCT, 'd4')).toMatchObject({ state: 'bound', leasedTo: null });
  expect(store.devices.facts(PRODUCT, 'd5')).toMatchObject({ state: 'quarantined' });
  expect(() => store.devices.markLeased(2, 'S2')).toThrow('expected to change one device');

  // A station that proves that it has the secret may bind or retire it.
  store.devices.bind([{ deviceId: 2, chipId: 'A2B700000002', serialNumber: null, owner: 'S2' }]);
  expect(store.devices.facts(PRODUCT, 'd2')).toMatchObject({ state: 'bound', leasedTo: 'S2' });
  expect(store.devices.withholdAvailable()).toBe(1);
  expect(available()).toEqual([]);
  store.devices.retire(1);
  expect(store.devices.facts(PRODUCT, 'd1')).toMatchObject({ state: 'retired' });
});
