import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flashRecord, type FlashRecord } from '#simulator';
import { openStationDatabaseForReading } from '#station';
import { normalizeChipId } from '#shared/domain/triple.ts';
import type { Lane, LaneUnit } from './station-under-test.ts';

/** What a unit's own flash holds; `null` for one that was never on a bench. */
export function readFlash(lane: Pick<Lane, 'flashDir'>, unit: LaneUnit): FlashRecord | null {
  try {
    return flashRecord.parse(JSON.parse(readFileSync(join(lane.flashDir, `${unit.mac}.json`), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Looks at a station that was just killed, before it can repair anything: whatever the units on its slots hold, its
 * ledger must have had the intent to write on disk, because bytes follow the intent. One sentence per offence.
 */
export function inspectDead(lane: Lane): string[] {
  // The flash first: what a device commits after this was sent by a station that had its intent by then.
  const held = [...lane.lying.values()].flatMap((unit) => {
    const identity = readFlash(lane, unit)?.identity ?? null;
    return identity === null ? [] : [{ unit, identity }];
  });
  if (held.length === 0) return [];
  const database = openStationDatabaseForReading(lane.dataDir);
  try {
    return held.flatMap(({ unit, identity: { productId, deviceName } }) => {
      const triple = database.triples.findByName(productId, deviceName);
      if (triple === null) return [`unit ${unit.mac} holds ${deviceName}, which no ledger knows`];
      const owner = triple.unitId === null ? null : database.units.findById(triple.unitId);
      if (owner?.chipId !== normalizeChipId(unit.mac))
        return [
          `unit ${unit.mac} holds ${deviceName}, which the ledger has on ${owner?.chipId ?? 'no unit'}`,
        ];
      const intended = database.triples.listHistory(triple.tripleId).some(({ event }) => event === 'intend');
      return intended ? [] : [`unit ${unit.mac} holds ${deviceName}, and no intent to write it is on disk`];
    });
  } finally {
    database.close();
  }
}
