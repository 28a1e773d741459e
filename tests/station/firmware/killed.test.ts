import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createRegistry } from '#registry';
import { makePackage } from '#simulator';
import { createNodePlatform, createStation } from '#station';
import { never } from './bench.ts';
import { tempDir } from '../support/temp-dir.ts';
import { type GongweiProcess, startGongwei } from './gongwei-process.ts';

const BODY_BYTES = 32 * 1024 * 1024 + 4321;

interface Place {
  readonly url: string;
  readonly token: string;
  readonly process: GongweiProcess;
}

async function serve(dir: string, port = '0'): Promise<Place> {
  const process = startGongwei('registry', 'serve', '--data', dir, '--http-port', port);
  const listening = await process.next('registry.listening');
  return { process, url: String(listening['http']), token: String(listening['stationToken']) };
}

async function importInto(dataDir: string, path: string, { url, token }: Place): Promise<void> {
  const config = { slots: [], appVersion: 'test', autoSync: false };
  const station = await createStation(createNodePlatform(dataDir), config);
  try {
    station.settings.configure({ station: 'S1', registry: { url, token } });
    await station.firmware.importFrom([path], {}, { user: 'Li', role: 'engineer' }, () => undefined, never);
  } finally {
    await station.close();
  }
}

/** What a script prints, while this process goes on serving it. */
async function saidBy(args: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(process.execPath, [...args], { encoding: 'utf8' });
  return JSON.parse(stdout) as Record<string, unknown>;
}

function partOf(registryDir: string): number {
  const dir = join(registryDir, 'registry', 'firmware');
  const parts = existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.part')) : [];
  return parts.map((name) => statSync(join(dir, name)).size)[0] ?? 0;
}

// A dozen processes start one after the other: slow where cores are shared.
describe('an upload', { timeout: 120_000 }, () => {
  test('killed five times at random, and its registry twice, completes with the right hash', async () => {
    using dir = tempDir('killed');
    const [data, registryDir] = [join(dir.path, 'station'), join(dir.path, 'registry')] as const;
    const path = join(dir.path, 'sample.zip');
    const sample = await makePackage(path, { bodyBytes: BODY_BYTES, productId: 'CS0SLTKSYA' });
    let registry = await serve(registryDir);
    const port = new URL(registry.url).port;
    try {
      await importInto(data, path, registry);
      const upload = (): GongweiProcess => startGongwei('firmware', 'upload', sample.sha256, '--data', data);
      const reached: number[] = [];
      for (let kill = 0; kill < 5; kill += 1) {
        await using station = upload();
        const due = sample.sizeBytes * ((kill + Math.random()) / 6);
        while (partOf(registryDir) < due) await delay(1);
        if (kill % 2 === 1) {
          await registry.process.kill();
          registry = await serve(registryDir, port);
        }
        await station.kill();
        reached.push(partOf(registryDir));
      }
      // Never a byte lost, and it was always in the middle.
      expect(reached).toEqual(reached.toSorted((a, b) => a - b));
      expect(reached.at(-1)).toBeLessThan(sample.sizeBytes);
      const last = upload();
      expect(await last.exited).toBe(0);
      const sending = last.events.find((event) => event['stage'] === 'sending');
      expect(sending?.['doneBytes']).toBeGreaterThanOrEqual(reached.at(-1) ?? 0);
      expect(last.events.at(-1)).toMatchObject({
        event: 'firmware.uploaded',
        sha256: sample.sha256,
        registrySha256: sample.sha256,
      });
      const kept = readFileSync(join(registryDir, 'registry', 'firmware', sample.sha256));
      expect(createHash('sha256').update(kept).digest('hex')).toBe(sample.sha256);
      expect(readdirSync(join(registryDir, 'registry', 'firmware'))).toEqual([sample.sha256]);
    } finally {
      await registry.process.kill();
    }
  });

  test('and import of a large package take little memory', async () => {
    const mib = Number(process.env['GONGWEI_FIRMWARE_MIB'] ?? 40);
    using dir = tempDir('memory');
    const path = join(dir.path, 'large.zip');
    const sample = await makePackage(path, { bodyBytes: mib * 1024 * 1024 });
    await using registry = await createRegistry({ dataDir: join(dir.path, 'registry') });
    const child = join(import.meta.dirname, 'memory-child.ts');
    const said = await saidBy([child, path, join(dir.path, 'station'), registry.http, registry.stationToken]);
    expect(said).toMatchObject({ sha256: sample.sha256, registrySha256: sample.sha256 });
    expect(Number(said['aboveStartBytes'])).toBeLessThan(150 * 1024 * 1024);
    if (process.env['GONGWEI_FIRMWARE_MIB'] !== undefined) process.stdout.write(`${JSON.stringify(said)}\n`);
  });
});
