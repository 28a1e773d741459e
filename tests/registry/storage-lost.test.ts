import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '#registry';
import { registryError } from '#shared/registry-api/index.ts';
import { diskError } from '../../registry/store/index.ts';
import { loginOf, refusedWith } from './support/mqtt-peer.ts';
import { type RegistrySetup, lease, PRODUCT, startRegistry } from './support/registry-fixture.ts';
import { tempDir } from '../support/temp-dir.ts';
import { runEvent } from './support/sample-events.ts';

/** What can become of the files below a running registry. */
const LOSSES: readonly (readonly [string, (dataDir: string) => void])[] = [
  ['its database is deleted', (dir) => rmSync(join(dir, 'registry.db'))],
  ['its directory is deleted', (dir) => rmSync(dir, { recursive: true })],
  ['the lock that keeps a second registry out is deleted', (dir) => rmSync(join(dir, 'service.lock'))],
  ['its directory is moved away', (dir) => renameSync(dir, `${dir}-moved`)],
  ['the log of its writes is deleted', (dir) => rmSync(join(dir, 'registry.db-wal'))],
  [
    'a copy is put in its place',
    (dir) => {
      copyFileSync(join(dir, 'registry.db'), join(dir, 'copy.db'));
      renameSync(join(dir, 'copy.db'), join(dir, 'registry.db'));
    },
  ],
];

async function refused(
  setup: RegistrySetup,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<void> {
  const reply = await setup.askAs(setup.registry.enrolmentToken, 'S1', method, path, body);
  expect(reply.status, path).toBe(503);
  expect(registryError.parse(reply.body), path).toMatchObject({
    code: 'storage-lost',
    message: expect.stringContaining('the registry cannot store anything'),
  });
}

describe('a registry that cannot write any more', () => {
  it.each(LOSSES)('because %s reports this, and acknowledges nothing', async (_what, lose) => {
    await using setup = await startRegistry({ count: 2 });
    const [triple] = await lease(setup, 1);
    if (triple === undefined) throw new Error('no triple');
    lose(setup.dataDir);
    try {
      await refused(setup, 'GET', '/v1/health');
      await refused(setup, 'GET', `/v1/devices/${PRODUCT}/${triple.deviceName}`);
      await refused(setup, 'POST', '/v1/events', { events: [runEvent(1, triple.deviceName)] });
      await refused(setup, 'POST', '/v1/leases', { requestId: 'r', productId: PRODUCT, count: 1 });
      expect(
        await refusedWith(setup.mqttPort, loginOf(PRODUCT, triple.deviceName, triple.deviceSecret)),
      ).toBe(3);
      expect(setup.tap.entries.some(({ event }) => event === 'registry.storage-lost')).toBe(true);
    } finally {
      rmSync(`${setup.dataDir}-moved`, { recursive: true, force: true });
    }
  });

  it('because its disk fails reports the kind of failure', () => {
    const codeOf = (code: string) => diskError(new Database.SqliteError('x', code))?.body.code ?? null;
    expect(
      ['SQLITE_READONLY', 'SQLITE_READONLY_DBMOVED', 'SQLITE_IOERR_WRITE', 'SQLITE_CORRUPT'].map(codeOf),
    ).toEqual(Array(4).fill('storage-lost'));
    expect(codeOf('SQLITE_FULL')).toBe('disk-full');
    expect(codeOf('SQLITE_CONSTRAINT_UNIQUE')).toBeNull();
  });
});

/**
 * Loads all modules as root, then changes to a user of the system without rights (`nobody`), who may not be able to read the modules. Tries each data
 * directory.
 */
const AS_NOBODY = `
  import Database from 'better-sqlite3';
  import { createRegistry, openRegistryStore } from '#registry';
  import { restrictToOwner } from './station/core/database/owner-only.ts';
  new Database(':memory:').close();
  process.setgid(65534);
  process.setuid(65534);
  const all = [];
  for (const dataDir of process.argv.slice(1)) {
    const said = {};
    for (const [what, ask] of Object.entries({
      rights: () => restrictToOwner(dataDir),
      serve: () => createRegistry({ dataDir }).then((registry) => registry.close()),
      look: () => openRegistryStore(dataDir).close(),
    }))
      try {
        await ask();
        said[what] = 'done';
      } catch (error) {
        said[what] = error.code;
      }
    all.push(said);
  }
  console.log(JSON.stringify(all));
`;

const FORBIDDEN: readonly (readonly [string, (dir: string) => void])[] = [
  ['all of them are another user’s', (dir) => chmodSync(dir, 0o700)],
  ['its database may only be read', (dir) => own(dir, 0o700, 0o400)],
  ['its directory may only be read', (dir) => own(dir, 0o500, 0o600)],
];

describe.skipIf(process.getuid?.() !== 0)('a registry whose files its user may not use', () => {
  it('reports this whatever the reason, and not that another one runs', async () => {
    using stack = new DisposableStack();
    const dataDirs: string[] = [];
    for (const [, spoil] of FORBIDDEN) {
      const dir = stack.use(tempDir());
      const dataDir = join(dir.path, 'registry');
      await (await createRegistry({ dataDir })).close();
      spoil(dir.path);
      dataDirs.push(dataDir);
    }
    const asked = spawnSync(process.execPath, ['--input-type=module', '-e', AS_NOBODY, ...dataDirs], {
      cwd: join(import.meta.dirname, '../..'),
      encoding: 'utf8',
    });
    expect(asked.stdout, asked.stderr).not.toBe('');
    const said = JSON.parse(asked.stdout) as unknown[];
    const refusal = { rights: 'done', serve: 'file-denied', look: 'file-denied' };
    expect(FORBIDDEN.map(([why], at) => [why, said[at]])).toEqual(FORBIDDEN.map(([why]) => [why, refusal]));
  });
});

/** Gives all to "nobody", with these rights. */
function own(path: string, directory: number, database: number): void {
  const dataDir = join(path, 'registry');
  for (const one of [path, dataDir, ...readdirSync(dataDir).map((name) => join(dataDir, name))])
    chownSync(one, 65_534, 65_534);
  chmodSync(join(dataDir, 'registry.db'), database);
  chmodSync(dataDir, directory);
}
