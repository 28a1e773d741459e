import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodePlatform, restoreStation, type Station, type StationConfig } from '#station';
import { verifyAudit } from '../../station/core/audit-log/index.ts';
import { faultOf } from '../support/fault-of.ts';
import { addTriples } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { openStation } from '../kit/station.ts';

const by = { user: 'Chen', role: 'engineer' } as const;

/** Opens a station's data on the computer with this machine id; `null`: no machine id. */
function openOn(
  machine: string | null,
  dataDir: string,
  config: Partial<StationConfig> = {},
): Promise<Station> {
  return openStation(dataDir, config, { machineId: () => machine });
}

describe('a data directory that was copied to a second computer', () => {
  it('hands out nothing there until somebody vouches that the first one is out of use', async () => {
    using dir = tempDir('copied');
    const [first, second] = [join(dir.path, 'first'), join(dir.path, 'second')];
    const station = await openOn('A', first);
    addTriples(station.database, 3);
    await station.close();
    cpSync(first, second, { recursive: true });

    const refused = await faultOf(() => openOn('B', second));
    expect(refused).toMatchObject({ code: 'data-busy' });
    expect(refused.hint).toContain('station moved');
    const unsaid = { moved: { reason: ' ', approver: 'Wang', by } };
    expect(await faultOf(() => openOn('B', second, unsaid))).toMatchObject({ code: 'bad-input' });
    expect(await faultOf(() => openOn('B', second))).toMatchObject({ code: 'data-busy' });

    const moved = { moved: { reason: 'the old computer burned', approver: 'Wang', by } };
    await (await openOn('B', second, moved)).close();
    const movedStation = await openOn('B', second);
    expect(movedStation.database.triples.listInState('available')).toHaveLength(3);
    expect(movedStation.database.audit.findLast()).toMatchObject({ action: 'station.move', actor: 'Chen' });
    expect(movedStation.database.audit.findLast()?.details).not.toContain('"A"');
    expect(verifyAudit(movedStation.database).brokenAt).toBeNull();
    await movedStation.close();
    expect(await faultOf(() => openOn('A', second))).toMatchObject({ code: 'data-busy' });
    // On the original computer it opens.
    await (await openOn('A', first)).close();
  });

  it('is at home where a backup of it is restored, with nothing in hand', async () => {
    using dir = tempDir('copied');
    const [first, second] = [join(dir.path, 'first'), join(dir.path, 'second')];
    const station = await openOn('A', first);
    addTriples(station.database, 3);
    const backup = await station.health.backUp('20260101T000000', by);
    await station.close();
    cpSync(join(first, 'station.key'), join(second, 'station.key'));
    const platform = createNodePlatform(second, { machineId: () => 'B' });
    const request = { from: backup, reason: 'a new computer', approver: 'Wang', by };
    expect(await restoreStation(platform, request)).toMatchObject({ quarantined: 3 });
    const movedStation = await openOn('B', second);
    expect(movedStation.database.triples.listInState('available')).toEqual([]);
    await movedStation.close();
  });

  it('is not asked about where nothing tells one computer from another', async () => {
    using dir = tempDir('copied');
    await (await openOn(null, dir.path)).close();
    await (await openOn('A', dir.path)).close();
    await (await openOn(null, dir.path)).close();
  });
});
