import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditIdentity } from '../../../station/identity/index.ts';
import { depth } from '../../support/depth.ts';
import { memoryDir } from '../../support/temp-dir.ts';
import { createUnits, type PhysicalUnit } from './histories/units.ts';
import { COMMANDS, type Model, checkInvariants } from './histories/commands.ts';
import { BurnStation } from './histories/burn-station.ts';

/**
 * Random histories of devices that lose or refuse an identity, lose replies and cables, are exchanged during a run or
 * have a clone with the same MAC, and of a station that ends at any moment.
 */
const HISTORIES = depth({ short: 100, long: 2000 });

/** Runs each unit once without failures: a unit without a foreign identity then has an identity. */
async function settle({ productId, units, boundTo }: Model, station: BurnStation): Promise<void> {
  for (const [index, unit] of units.entries()) {
    const [boundName = ''] = [...boundTo].find(([, only]) => only === index) ?? [];
    const unitId = station.database.units.findByChip(unit.chipId)?.unitId ?? 0;
    const liveName = station.database.triples.findLiveOfUnit(unitId)?.deviceName;
    const { held } = unit;
    const wasItsOwn = held !== null && station.ledger.whereabouts(held, unitId) === 'own-retired';
    const boundState = station.database.triples.findByName(productId, boundName)?.state;
    const outcome = await station.visit(productId, unit);
    if (hasClone(unit, units)) {
      // Support decides which of the two gets the identity of their MAC.
      expect(['PASS', 'pool-empty', 'serial-conflict', 'identity-conflict']).toContain(outcome);
    } else if (held === null && liveName === undefined && boundState === 'quarantined') {
      // Its bound triple was written to another unit: support decides, and it gets no other.
      expect(outcome).toBe('identity-conflict');
    } else if (held === null) {
      expect(['PASS', 'pool-empty']).toContain(outcome);
      if (boundState === 'available') expect(unit.held?.deviceName).toBe(boundName);
    } else if (liveName === held.deviceName) {
      expect(outcome).toBe('PASS');
      expect(unit.held?.deviceName).toBe(held.deviceName);
    } else if (wasItsOwn && liveName !== undefined) {
      // It was re-issued another identity, which this run wrote.
      expect(outcome).toBe('PASS');
      expect(unit.held?.deviceName).toBe(liveName);
    } else expect(outcome).toBe('identity-conflict');
  }
}

const hasClone = (unit: PhysicalUnit, units: readonly PhysicalUnit[]): boolean =>
  units.some((other) => other !== unit && other.chipId === unit.chipId);

describe('burning identities', () => {
  it(`never puts one triple into two units, in ${HISTORIES} random histories of failures and crashes`, async () => {
    using dir = memoryDir();
    using station = new BurnStation(dir.path);
    await fc.assert(
      fc.asyncProperty(COMMANDS, async (commands) => {
        const productId = station.begin();
        const units = createUnits(station.histories);
        const boundTo = new Map([
          ['bound-by-mac', 0],
          ['bound-by-serial', 1],
        ]);
        station.bind(productId, 'bound-by-mac', { boundMac: units[0]?.chipId ?? '' });
        station.bind(productId, 'bound-by-serial', { boundSerial: units[1]?.serialNumber ?? '' });
        const model: Model = { productId, units, misplaced: new Set(), boundTo };
        await fc.asyncModelRun(() => ({ model, real: station }), commands);
        await settle(model, station);
        checkInvariants(model, station);
        if (station.histories % 100 === 0) expect(auditIdentity(station.database).violations).toEqual([]);
      }),
      { numRuns: HISTORIES },
    );
    expect(auditIdentity(station.database).violations).toEqual([]);
  });
});
