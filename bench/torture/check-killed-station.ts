import { readFlashRecord } from '#simulator';
import { openStationDatabaseForReading } from '#station';
import { normalizeChipId } from '#shared/domain/triple.ts';
import type { StationUnderTest } from './station-under-test.ts';

/**
 * Checks a killed station before its restart: for each identity in the units on its slots, the ledger on disk must have
 * the intent to burn, because bytes follow the intent. Returns one sentence for each violation.
 */
export function checkKilledStation(sut: StationUnderTest): string[] {
  // The flash is read first: the intent of any later write is on disk by then.
  const identities = [...sut.placed.values()].flatMap((unit) => {
    const identity = readFlashRecord(sut.flashDir, unit.mac)?.identity ?? null;
    return identity === null ? [] : [{ unit, identity }];
  });
  if (identities.length === 0) return [];
  const database = openStationDatabaseForReading(sut.dataDir);
  try {
    return identities.flatMap(({ unit, identity: { productId, deviceName } }) => {
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
