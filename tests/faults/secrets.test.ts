import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { UnitFault } from '../../simulator/faults/index.ts';
import { createNodePlatform, restoreStation, STATION_ITSELF } from '#station';
import { invoke } from '../kit/in-process.ts';
import { traces } from '../journey/traces.ts';
import { PRODUCT } from '../kit/sample-rows.ts';
import { openStation, startStation } from '../kit/station.ts';
import { simulated } from '../kit/units.ts';
import { moduleRecipe } from '../kit/recipes.ts';
import { filesBelow } from '../support/files-below.ts';

const { signal } = new AbortController();

/** Situations in which a secret may appear elsewhere: echoes, chunks, refusals, partial and repeated replies. */
const FAULTS: readonly (UnitFault | null)[] = [
  null,
  { fault: 'echo-on' },
  { fault: 'split', pieces: 5, pauseMs: 1 },
  { fault: 'reject-write', reply: 'cme', times: 1 },
  { fault: 'write-no-reply', times: 1 },
  { fault: 'reboot-on-write', when: 'after', times: 1 },
  { fault: 'store-wrong', sameChecksum: false, times: 1 },
];

describe('a secret', () => {
  it('is nowhere in the clear after runs that went wrong, returns, exports, backups, a change of keys and a restore', async () => {
    await using setup = await startStation({
      units: simulated(FAULTS.length),
      registry: 'real',
      recipe: moduleRecipe(),
      triples: 12,
    });
    const { station, dataDir } = setup;
    for (const [n, fault] of FAULTS.entries())
      if (fault !== null) await setup.units.simulator.inner.changeFaults(n + 1, { add: [fault] });
    const outcomes: string[] = [];
    for (const n of FAULTS.keys()) {
      const first = await setup.run(n + 1);
      outcomes.push(first.outcome);
      // Again, so that identities in doubt are read and refused ones are written again.
      if (first.outcome !== 'PASS') outcomes.push((await setup.run(n + 1)).outcome);
    }
    // Both cases occurred: passed units, and units whose secret was not written correctly.
    expect(outcomes).toContain('PASS');
    expect(outcomes.filter((outcome) => outcome !== 'PASS').length).toBeGreaterThan(1);

    // Secrets of a file, in correct and rejected rows.
    const imported = ['IyXmUW5sU/q1vnb5yzTkeQ==', 'c2VjcmV0LW9mLWEtZmlsZQ=='];
    const csv = join(setup.dir, 'triples.csv');
    writeFileSync(
      csv,
      `ProductId,DeviceName,DeviceSecret\nP9,f1,${imported[0]}\nP9,f2,${imported[1]}\nP9,f2,${imported[1]}\nP9,bad name,${imported[1]}\n`,
    );
    const report = await station.pool.importCsv(csv, { skipBad: true }, STATION_ITSELF, signal);
    expect(report.added).toBeGreaterThan(0);

    const request = { slot: 1, reason: 'customer return', approver: 'Wang' };
    const by = { user: 'Li', role: 'support' } as const;
    const outputs: string[] = [JSON.stringify(report)];
    outputs.push(JSON.stringify(await station.returns.act({ ...request, action: 'reissue' }, by, signal)));
    outputs.push(JSON.stringify(await station.returns.act({ ...request, action: 'keep' }, by, signal)));
    outputs.push(JSON.stringify(await station.returns.read(2, signal)));
    for (const format of ['csv', 'jsonl'] as const)
      await station.reports.export(setup.batchId, format, undefined, signal);
    const backup = await station.health.backUp('20260101T000000', { user: 'Li', role: 'support' });
    await station.sync.drain(signal);
    await station.rotateKey(() => undefined, { user: 'Li', role: 'engineer' }, signal);
    outputs.push(JSON.stringify([...station.database.audit.iterate()]));
    const ownToken = station.settings.registry()?.token;
    await station.close();

    for (const command of [
      ['sync', 'status'],
      ['audit', 'verify'],
      ['doctor'],
      ['unit', 'show', 'SN000001'],
      ['triples', 'audit'],
    ]) {
      const ended = await invoke(...command, '--data', dataDir, '--json');
      outputs.push(ended.stdout, ended.stderr);
    }
    await restoreStation(createNodePlatform(dataDir), {
      from: backup,
      reason: 'r',
      approver: 'a',
      by: { user: 'Li', role: 'support' },
    });
    await (await openStation(dataDir)).close();

    const { enrolmentToken } = setup.registry.service;
    // The token it was given, and the token after the exchange.
    const tokens = [enrolmentToken, ownToken ?? enrolmentToken];
    expect(new Set(tokens).size).toBe(2);
    const secrets = [...setup.registry.secrets.values(), ...imported, ...tokens];
    const files = filesBelow(dataDir);
    // All kinds of files of a station are searched.
    for (const kind of [
      /^station\.db$/,
      /^backups\/.+\.db$/,
      /^set-aside\/.+station\.db$/,
      /^recordings\/.+\.jsonl\.gz$/,
      /^logs\/.+\.jsonl$/,
      /^exports\/.+\.csv$/,
      /^exports\/.+\.jsonl$/,
    ])
      expect(
        [...files.keys()].some((path) => kind.test(path)),
        String(kind),
      ).toBe(true);
    const places = new Map([...files, ['what was said', Buffer.from(outputs.join('\n'))] as const]);
    const found = secrets.flatMap((secret) =>
      traces(secret).flatMap(({ form, bytes }) =>
        [...places].filter(([, hay]) => hay.includes(bytes)).map(([path]) => `${form} in ${path}`),
      ),
    );
    expect(found).toEqual([]);
    // The search works: it finds a DeviceName in the same places.
    const name = Buffer.from('dev1');
    expect([...places.values()].filter((hay) => hay.includes(name)).length).toBeGreaterThan(5);
    // A recording contains the sent bytes with the secret masked.
    const recordings = [...files].filter(([path]) => path.startsWith('recordings/'));
    expect(recordings.some(([, bytes]) => bytes.includes(`AT+TCDEVINFOSET`) && bytes.includes(PRODUCT))).toBe(
      true,
    );
  });
});
