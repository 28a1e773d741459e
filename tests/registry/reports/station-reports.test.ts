import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRegistryClient, type RegistryClient } from '../../../station/registry-sync/client/index.ts';
import { invoke } from '../../kit/in-process.ts';
import { TestRegistry } from '../../kit/registry.ts';
import { faultOf } from '../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';
import { tempDir } from '../../support/temp-dir.ts';

const CHUNK = 1024 * 1024;

describe('reports of stations at the registry', () => {
  let dir: ReturnType<typeof tempDir>;
  let registry: TestRegistry;
  const clientOf = (station: string): RegistryClient =>
    createRegistryClient({
      baseUrl: registry.service.http,
      token: registry.store.addStation(station, []),
      station,
    });
  function file(bytes: Buffer, key = 'k', name = 'a.csv') {
    const path = join(dir.path, 'sent');
    writeFileSync(path, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { key, name, path, sizeBytes: bytes.length, sha256 };
  }
  const stored = (name: string): Buffer | null => {
    const row = registry.store.reports(null, 100).find((one) => one.name === name);
    const found = registry.store.reportFile(row?.reportId ?? '');
    return found === null ? null : readFileSync(found.path);
  };

  beforeEach(async () => {
    dir = tempDir('station-reports');
    registry = await TestRegistry.start(dir.path);
  });
  afterEach(async () => {
    await registry[Symbol.asyncDispose]();
    dir[Symbol.dispose]();
  });

  it('come in chunks, also an empty one, and are listed and saved', async () => {
    const client = clientOf('L3-07');
    const bytes = randomBytes(2 * CHUNK + 17);
    await client.sendReport(file(bytes), NEVER_ABORTED);
    await client.sendReport(file(Buffer.alloc(0), 'empty', 'empty.jsonl'), NEVER_ABORTED);
    expect(stored('a.csv')?.equals(bytes)).toBe(true);
    expect(stored('empty.jsonl')).toHaveLength(0);
    expect(readdirSync(join(registry.dataDir, 'reports')).filter((name) => name.endsWith('.part'))).toEqual(
      [],
    );

    const { reportId } = registry.store.reports('L3-07', 10).find((one) => one.name === 'a.csv') ?? {};
    const out = join(dir.path, 'saved.csv');
    const command = (...args: string[]) =>
      invoke('registry', 'report', ...args, '--data', dir.path, '--json');
    const listed = (await command('list')).stdout.trim().split('\n');
    expect(listed.map((line) => (JSON.parse(line) as { name: string }).name).sort()).toEqual([
      'a.csv',
      'empty.jsonl',
    ]);
    expect((await command('save', reportId ?? '', '--out', out)).status).toBe(0);
    expect(readFileSync(out).equals(bytes)).toBe(true);
    expect((await command('save', 'x', '--out', join(dir.path, 'none'))).status).toBe(2);
    expect(existsSync(join(dir.path, 'none'))).toBe(false);
  });

  it('stay as they were first, and are each of one station', async () => {
    const client = clientOf('L3-07');
    const first = randomBytes(100);
    await client.sendReport(file(first), NEVER_ABORTED);
    await client.sendReport(file(first), NEVER_ABORTED);
    const fault = await faultOf(() => client.sendReport(file(randomBytes(100)), NEVER_ABORTED));
    expect(fault.code).toBe('registry-refused');
    expect(stored('a.csv')?.equals(first)).toBe(true);
    const other = randomBytes(90);
    await clientOf('L3-08').sendReport(file(other), NEVER_ABORTED);
    expect(
      registry.store
        .reports(null, 10)
        .map(({ station }) => station)
        .sort(),
    ).toEqual(['L3-07', 'L3-08']);
  });

  it('with another content than announced are refused and can be sent again', async () => {
    const client = clientOf('L3-07');
    const right = randomBytes(500);
    const report = file(right);
    writeFileSync(report.path, randomBytes(500));
    expect((await faultOf(() => client.sendReport(report, NEVER_ABORTED))).code).toBe('registry-refused');
    expect(stored('a.csv')).toBeNull();
    await client.sendReport(file(right), NEVER_ABORTED);
    expect(stored('a.csv')?.equals(right)).toBe(true);
  });

  it('are refused with a name that is a path', async () => {
    const client = clientOf('L3-07');
    for (const name of ['../a', 'a/b', 'a\\b', 'a\nb', '', 'x'.repeat(256)]) {
      const fault = await faultOf(() => client.sendReport(file(randomBytes(9), 'k', name), NEVER_ABORTED));
      expect(fault.code, name).toBe('registry-refused');
    }
  });
});
