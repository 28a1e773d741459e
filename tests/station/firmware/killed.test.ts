import { type ExecFileException, execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createRegistry } from '#registry';
import { makePackage } from '#simulator';
import { STATION_ITSELF } from '#station';
import { tempDir } from '../../support/temp-dir.ts';
import { stablePort } from '../../support/stable-port.ts';
import { openStation } from '../../kit/station.ts';
import { type RunningCommand, startCommand } from '../../kit/command-line.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';
import { depth, LONG } from '../../support/depth.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

const UPLOADER = new URL('./upload-child.ts', import.meta.url);
const MEASURED = new URL('./memory-child.ts', import.meta.url);
const MIB = 1024 * 1024;
const KILLS = depth({ short: 1, long: 5 });
const CHUNKS_PER_LIFE = 4;

interface Place {
  readonly url: string;
  readonly token: string;
  readonly process: RunningCommand;
}

async function serve(dir: string, port: number): Promise<Place> {
  const process = startCommand([
    ...['registry', 'serve', '--data', dir, '--http-port', String(port), '--json'],
  ]);
  const listening = await process.event('registry.listening');
  return { process, url: String(listening['http']), token: String(listening['stationToken']) };
}

async function importInto(dataDir: string, path: string, { url, token }: Place): Promise<void> {
  const station = await openStation(dataDir);
  try {
    station.settings.configure({ station: 'S1', registry: { url, token } }, STATION_ITSELF);
    await station.firmware.importFrom(
      [path],
      {},
      () => undefined,
      { user: 'Li', role: 'engineer' },
      NEVER_ABORTED,
    );
  } finally {
    await station.close();
  }
}

/** What a script prints; or the signal that ended it. This process goes on serving it meanwhile. */
async function run(script: URL, ...args: string[]): Promise<Record<string, unknown>> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(script), ...args], {
      timeout: 2 * PATIENCE_MS,
    });
    return JSON.parse(stdout) as Record<string, unknown>;
  } catch (error) {
    const { signal, killed } = error as ExecFileException;
    if (signal === 'SIGKILL' && killed !== true) return { signal };
    throw error;
  }
}

/** How much of an unfinished upload the registry has. */
function receivedBytes(folder: string): number {
  const parts = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.part')) : [];
  return parts.map((name) => statSync(join(folder, name)).size)[0] ?? 0;
}

// A dozen processes start one after the other: slow where cores are shared.
describe('an upload', () => {
  test('killed at random, and its registry between, completes with the right hash', async () => {
    using dir = tempDir('killed');
    const [data, registryDir] = [join(dir.path, 'station'), join(dir.path, 'registry')] as const;
    const folder = join(registryDir, 'registry', 'firmware');
    const path = join(dir.path, 'sample.zip');
    // More than all lives together can send.
    const bodyBytes = (KILLS + 1) * CHUNKS_PER_LIFE * MIB + 4321;
    const sample = await makePackage(path, { bodyBytes, productId: 'CS0SLTKSYA' });
    const port = await stablePort();
    let registry = await serve(registryDir, port);
    try {
      await importInto(data, path, registry);
      const reached: number[] = [];
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const chunk = 1 + Math.floor(Math.random() * (CHUNKS_PER_LIFE - 1));
        const ended = await run(UPLOADER, data, sample.sha256, String(chunk), String(Math.random() * 8));
        expect(ended).toEqual({ signal: 'SIGKILL' });
        if (kill % 2 === 0) {
          await registry.process.kill();
          registry = await serve(registryDir, port);
        }
        reached.push(receivedBytes(folder));
      }
      // It was always in the middle, and never lost a byte.
      expect(reached).toEqual(reached.toSorted((a, b) => a - b));
      expect(reached.at(-1)).toBeLessThan(sample.sizeBytes);
      const last = await run(UPLOADER, data, sample.sha256);
      expect(last['registrySha256']).toBe(sample.sha256);
      expect(last['resumedAt']).toBeGreaterThanOrEqual(reached.at(-1) ?? 0);
      const kept = readFileSync(join(folder, sample.sha256));
      expect(createHash('sha256').update(kept).digest('hex')).toBe(sample.sha256);
      expect(readdirSync(folder)).toEqual([sample.sha256]);
    } finally {
      await registry.process.kill();
    }
  });

  test.runIf(LONG)('and import of a large package take little memory', async () => {
    const mib = Number(process.env['GONGWEI_FIRMWARE_MIB'] ?? 40);
    using dir = tempDir('memory');
    const path = join(dir.path, 'large.zip');
    const sample = await makePackage(path, { bodyBytes: mib * MIB });
    await using registry = await createRegistry({ dataDir: join(dir.path, 'registry') });
    const { http, enrolmentToken } = registry;
    const said = await run(MEASURED, path, join(dir.path, 'station'), http, enrolmentToken);
    expect(said).toMatchObject({ sha256: sample.sha256, registrySha256: sample.sha256 });
    expect(said['aboveStartBytes']).toBeLessThan(150 * MIB);
    if (process.env['GONGWEI_FIRMWARE_MIB'] !== undefined) process.stdout.write(`${JSON.stringify(said)}\n`);
  });
});
