import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createRegistry, openRegistryStore } from '#registry';
import { TestSimulator } from '../kit/test-simulator.ts';
import { PRODUCT } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import type { MemoryTask } from './support/memory-host.ts';
import { wordsInMemory } from './support/read-memory.ts';

const HOST = fileURLToPath(new URL('support/memory-host.ts', import.meta.url));
/** The prefix of all secrets of this test, unique in a process: 16 bytes in base64, as from the cloud. */
const BEGIN = 'R1dzZWNyZXQx';
const LENGTH = 24;
const makeSecret = (): string => BEGIN + randomBytes(7).toString('base64').padEnd(12, '=').slice(0, 12);
const CONTROL = [BEGIN, 'CONTROL-0000'] as const;

describe.skipIf(process.platform !== 'linux')('the memory of a station', () => {
  it('has no secret but that of the burn, after a lease, an import and a unit', async () => {
    using dir = tempDir('memory');
    await using registry = await createRegistry({ dataDir: join(dir.path, 'registry') });
    const leased = new Map(Array.from({ length: 48 }, (_, n) => [`dev${n + 1}`, makeSecret()]));
    {
      using database = openRegistryStore(join(dir.path, 'registry'));
      const triples = [...leased].map(([deviceName, deviceSecret]) => ({ deviceName, deviceSecret }));
      database.seedProduct({ productId: PRODUCT, triples });
    }
    const imported = new Map(Array.from({ length: 300 }, (_, n) => [`csv${n + 1}`, makeSecret()]));
    const csv = join(dir.path, 'triples.csv');
    const rows = [...imported].map(([name, secret]) => `${PRODUCT},${name},${secret},"a, ""remark"""`);
    writeFileSync(csv, ['ProductId,DeviceName,DeviceSecret,Remark', ...rows].join('\r\n'));
    await using simulator = await TestSimulator.start({
      count: 1,
      stateDir: join(dir.path, 'units'),
      mqttUrl: registry.mqtt,
    });
    const task: MemoryTask = {
      dataDir: join(dir.path, 'station'),
      registry: { url: registry.http, token: registry.enrolmentToken },
      productId: PRODUCT,
      lease: leased.size,
      csv,
      portPath: simulator.pathOf(1),
      control: CONTROL,
    };

    const child = spawn(process.execPath, ['--expose-gc', HOST], {
      // Each thread of the pool has a stack of 8 MiB, which is searched too.
      env: { ...process.env, UV_THREADPOOL_SIZE: '4' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    child.stdin.write(`${JSON.stringify(task)}\n`);
    const [text] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    expect(JSON.parse(text)).toEqual({ leased: 48, added: 300, outcome: 'PASS', deviceName: 'dev1' });
    const found = wordsInMemory(child.pid ?? 0, BEGIN, LENGTH);
    child.stdin.end('\n');
    expect(await ended).toEqual([0, null]);

    expect(found).toContain(CONTROL.join(''));
    const burned = leased.get('dev1') ?? '';
    const foundIn = (secrets: Iterable<string>): string[] =>
      [...secrets].filter((secret) => found.has(secret) && secret !== burned);
    expect({ leased: foundIn(leased.values()).length, imported: foundIn(imported.values()).length }).toEqual({
      leased: 0,
      imported: 0,
    });
  });
});
