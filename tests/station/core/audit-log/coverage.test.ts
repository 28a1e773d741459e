import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry, openRegistryStore, type Registry } from '#registry';
import { parseRecipe, type Station } from '#station';
import { databaseFile } from '../../../../station/core/database/index.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { PRODUCT } from '../../../kit/sample-rows.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { openStation } from '../../../kit/station.ts';

const by = { user: 'Chen', role: 'engineer' } as const;
const { signal } = new AbortController();
let dir: ReturnType<typeof tempDir>;
let registry: Registry;

beforeAll(async () => {
  dir = tempDir('coverage');
  const books = join(dir.path, 'registry');
  registry = await createRegistry({ dataDir: books });
  using database = openRegistryStore(books);
  database.seedProduct({ productId: PRODUCT, count: 500 });
});
afterAll(async () => {
  await registry.close();
  dir[Symbol.dispose]();
});

/** Everything that touches identity, settings, recipes or users and needs no unit on a slot. */
const ACTS: readonly {
  readonly what: string;
  readonly action: string;
  readonly act: (station: Station) => unknown;
}[] = [
  {
    what: 'naming the station',
    action: 'settings.station',
    act: (s) => s.settings.configure({ station: `S${s.database.audit.findLast()?.seq ?? 0}` }, by),
  },
  {
    what: 'binding another registry',
    action: 'settings.registry',
    act: (s) => s.settings.configure({ registry: { url: 'http://127.0.0.1:9', token: 't' } }, by),
  },
  {
    what: 'a new token for the same registry',
    action: 'settings.registry',
    act: (s) => s.settings.configure({ registry: { url: registry.http, token: 'another' } }, by),
  },
  {
    what: 'importing triples',
    action: 'pool.import',
    act(s) {
      const file = join(s.database.file, '..', 'new.csv');
      const rows = [1, 2, 3].map(
        (n) =>
          `${PRODUCT},i${n}-${s.database.audit.findLast()?.seq ?? 0},${randomBytes(16).toString('base64')}`,
      );
      writeFileSync(file, ['ProductId,DeviceName,DeviceSecret', ...rows].join('\n'));
      return s.pool.importCsv(file, {}, by, signal);
    },
  },
  { what: 'leasing triples', action: 'pool.lease', act: (s) => s.pool.lease(PRODUCT, 4, by, signal) },
  { what: 'giving triples back', action: 'pool.return', act: (s) => s.pool.giveBack(PRODUCT, by, signal) },
  {
    what: 'making a batch',
    action: 'batch.create',
    act: (s) => s.batches.create({ recipe: parseRecipe(moduleRecipe(), 'r'), quantity: 5 }, by),
  },
  {
    what: 'adding a user',
    action: 'person.add',
    act: (s) => s.access.add('Wang', 'support', '246813', by),
  },
  { what: 'removing a user', action: 'person.remove', act: (s) => s.access.remove('Wang', by) },
  {
    what: 'saying which field of a firmware package is what',
    action: 'settings.firmware-fields',
    act: (s) => s.firmware.setFields({ version: 'fw.version' }, by),
  },
  {
    what: 'changing the data key',
    action: 'secrets.rotate-begin',
    act: (s) => s.rotateKey(() => undefined, by, signal),
  },
  {
    what: 'making the kept figures anew',
    action: 'figures.remake',
    act: (s) => s.yields.remake(by),
  },
  {
    what: 'making a backup',
    action: 'backup.make',
    act: (s) => s.health.backUp('20260101T000000', by),
  },
];

/** A station that has been worked in, so that every act has something to act on. */
async function worked(name: string, leased = 5): Promise<Station> {
  const station = await openStation(join(dir.path, name));
  const binding = { url: registry.http, token: registry.enrolmentToken };
  station.settings.configure({ station: name, registry: binding }, by);
  if (leased > 0) await station.pool.lease(PRODUCT, leased, by, signal);
  return station;
}

/** All rows of all tables, as they would be read by anybody. */
function dump(station: Station): unknown {
  const db = new Database(databaseFile(join(station.database.file, '..')), { readonly: true });
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck();
  const rows = (tables.all() as string[]).map((table) => [
    table,
    db.prepare(`SELECT * FROM "${table}"`).all(),
  ]);
  db.close();
  return rows;
}

describe('the audit trail', () => {
  it('has every act that touches identity, settings, recipes or users, with who did it', async () => {
    const station = await worked('all', 0);
    try {
      for (const { what, action, act } of ACTS) {
        const before = station.database.audit.findLast()?.seq ?? 0;
        await act(station);
        const added = [...station.database.audit.iterate()].filter(({ seq }) => seq > before);
        expect(added[0], what).toMatchObject({ action, actor: 'Chen', role: 'engineer' });
        // The registry knows the leases of a station by its name and its token.
        if (action.startsWith('settings.'))
          station.settings.configure(
            { station: 'all', registry: { url: registry.http, token: registry.enrolmentToken } },
            by,
          );
      }
      const said = [...station.database.audit.iterate()].map(({ details }) => details).join('\n');
      expect(said).not.toContain(registry.enrolmentToken);
      expect(said).not.toContain('246813');
    } finally {
      await station.close();
    }
  });

  it.each(ACTS.map((act, n) => [act.what, n] as const))(
    'and %s are one: without the entry there is no act',
    async (_what, n) => {
      const { action, act } = ACTS[n]!;
      // A name stays as long as triples are leased to it.
      const station = await worked(`one-${n}`, action === 'settings.station' ? 0 : 5);
      try {
        // What the act needs to act on.
        if (action === 'person.remove') await station.access.add('Wang', 'support', '246813', by);
        const before = dump(station);
        const real = station.database.audit.add;
        const refused = new Error('the trail cannot be written');
        Object.assign(station.database.audit, {
          add: () => {
            throw refused;
          },
        });
        await expect(Promise.resolve().then(() => act(station))).rejects.toBe(refused);
        const after = dump(station);
        // A question to the registry is asked before it is answered: only that it was asked stands.
        if (action === 'pool.lease') expect(station.database.leases.listUnanswered()).toHaveLength(1);
        else expect(after).toEqual(before);
        Object.assign(station.database.audit, { add: real });
        await act(station);
        expect([...station.database.audit.iterate()].at(-1)?.actor).toBe('Chen');
      } finally {
        await station.close();
      }
    },
  );
});
