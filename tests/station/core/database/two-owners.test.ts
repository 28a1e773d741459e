import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createNodePlatform, restoreStation } from '#station';
import {
  lockDataDir,
  openStationDatabase,
  openStationDatabaseForReading,
  databaseFile,
} from '../../../../station/core/database/index.ts';
import { createOwnerFence } from '../../../../station/core/database/owner-fence.ts';
import { processMark } from '../../../../node-kit/process/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { addTriples, openSampleStore } from '../../../kit/sample-rows.ts';
import { tempDir } from '../../../support/temp-dir.ts';

/** Where a system tells when a process began; elsewhere the fence alone stands, see docs/security.md. */
const TOLD = process.platform === 'linux' || process.platform === 'darwin';

class Host implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  constructor(dataDir: string) {
    this.#child = spawn(process.execPath, [join(import.meta.dirname, 'owner-child.ts'), dataDir], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (this.#child.stdout === null) throw new Error('no output');
    this.#lines = createInterface({ input: this.#child.stdout });
  }

  async said(): Promise<Record<string, unknown>> {
    const [line] = (await once(this.#lines, 'line')) as [string];
    return JSON.parse(line) as Record<string, unknown>;
  }

  write(text: string): Promise<Record<string, unknown>> {
    this.#child.stdin?.write(`${text}\n`);
    return this.said();
  }

  async end(how: 'kill' | 'close'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    if (how === 'kill') this.#child.kill('SIGKILL');
    else this.#child.stdin?.end();
    await exit;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end('kill');
  }
}

const removeLocks = (dir: string): void => {
  for (const name of readdirSync(dir)) if (/^station\.(lock|pid)/.test(name)) rmSync(join(dir, name));
};

describe.runIf(TOLD)('a data directory whose lock file was removed while a host works in it', () => {
  it('lets no second host in, whatever is removed or renamed; the first works on; who follows finds everything', async () => {
    using dir = tempDir();
    const data = join(dir.path, 'data');
    const moved = join(dir.path, 'moved');
    await using first = new Host(data);
    const { pid } = await first.said();
    expect(await first.write('one')).toMatchObject({ together: 'written', alone: 'written' });

    removeLocks(data);
    await using second = new Host(data);
    const refused = await second.said();
    expect(refused).toMatchObject({ opened: false, code: 'data-busy' });
    expect(refused['message']).toContain(String(pid));

    removeLocks(data);
    expect((await faultOf(() => lockDataDir(data))).message).toContain(`process ${String(pid)}`);
    // What replaces the database asks too; otherwise the first one would write into a file that nobody opens again.
    const order = {
      from: databaseFile(data),
      reason: 'r',
      approver: 'a',
      by: { user: 'u', role: 'engineer' } as const,
    };
    const backup = join(dir.path, 'backup.db');
    cpSync(databaseFile(data), backup);
    const restored = await faultOf(() =>
      restoreStation(createNodePlatform(data), { ...order, from: backup }),
    );
    expect(restored.code).toBe('data-busy');

    renameSync(data, moved);
    removeLocks(moved);
    expect((await faultOf(() => openStationDatabase(moved))).code).toBe('data-busy');
    expect(await first.write('two')).toMatchObject({ together: 'written', alone: 'written', damage: null });

    await first.end('kill');
    const third = openStationDatabase(moved);
    expect([third.meta.get('a'), third.meta.get('b')]).toEqual(['two', 'two']);
    third.close();
  });

  it('lets readers in, and the next host as soon as the first has closed or died', async () => {
    using dir = tempDir();
    for (const how of ['close', 'kill'] as const) {
      await using host = new Host(dir.path);
      expect(await host.said()).toMatchObject({ opened: true });
      removeLocks(dir.path);
      openStationDatabaseForReading(dir.path).close();
      expect((await faultOf(() => openStationDatabase(dir.path))).code).toBe('data-busy');
      await host.end(how);
      openStationDatabase(dir.path).close();
    }
  });

  it('is free when its owner is only a number that another process has by now, or a copy', async () => {
    using dir = tempDir();
    const data = join(dir.path, 'data');
    await using first = new Host(data);
    await first.said();
    const copy = join(dir.path, 'copy');
    cpSync(data, copy, { recursive: true });
    openStationDatabase(copy).close();
    await first.end('kill');
    // Process 1 lives, and is not the one that wrote this.
    const db = new Database(databaseFile(data));
    db.prepare("UPDATE meta SET value = json_set(value, '$.pid', 1) WHERE key = 'station.owner'").run();
    db.close();
    openStationDatabase(data).close();
  });

  it('knows a process from another that got its number', () => {
    expect(processMark(process.pid)).toBe(processMark(process.pid));
    expect(processMark(process.pid)).not.toBe(processMark(process.ppid));
    expect(processMark(0x7fff_fffe)).toBeNull();
  });
});

describe('a host that was replaced by one that could not see its process', () => {
  it('records nothing more, says who took over, and begins nothing more', async () => {
    using dir = tempDir();
    await using first = new Host(dir.path);
    await first.said();
    expect(await first.write('one')).toMatchObject({ alone: 'written', together: 'written' });
    const db = new Database(databaseFile(dir.path));
    const fence = createOwnerFence(db, databaseFile(dir.path), () => null);
    fence.claim();
    expect(await first.write('two')).toEqual({
      together: 'data-busy',
      alone: 'data-busy',
      relaxed: 'data-busy',
      damage: 'data-busy',
    });
    expect(db.prepare("SELECT value FROM meta WHERE key IN ('a', 'b', 'c')").pluck().all()).toEqual(
      Array(3).fill('one'),
    );
    fence.check();
    // The one that goes takes nothing along that belongs to the other.
    await first.end('close');
    fence.check();
    fence.release();
    db.close();
  });

  it('says in one line what happened and what to do', async () => {
    using dir = tempDir();
    const database = openSampleStore(dir.path);
    const db = new Database(databaseFile(dir.path));
    createOwnerFence(db, databaseFile(dir.path), () => null).claim();
    const fault = await faultOf(() => addTriples(database, 1));
    expect(fault).toMatchObject({ code: 'data-busy' });
    expect(fault.message).toBe(
      `${dir.path} was taken over by another Gongwei (process ${process.pid}); this one records nothing more in it`,
    );
    expect(fault.hint).toContain('Close one of the two');
    await expect(database.writeGrouped(() => database.meta.set('x', 'y'))).rejects.toThrow(fault.message);
    expect(database.meta.get('x')).toBeNull();
    db.close();
    database.close();
  });
});
