import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditIdentity } from '../../../station/identity/index.ts';
import { fastDir } from '../../support/temp-dir.ts';
import { createUnits, type Physical } from './histories/units.ts';
import { ACTS, type Model, checkPromise } from './histories/commands.ts';
import { BurnStation } from './histories/burn-station.ts';

/**
 * The promise itself, over devices that forget, refuse, lose their replies and their cables, are exchanged while they
 * are worked on or have a twin with the same MAC, and a station that dies at any moment.
 */
const HISTORIES = 2000;

/** Whatever happened before, a visit without trouble settles a unit that holds nothing strange. */
async function settle({ productId, units, own }: Model, station: BurnStation): Promise<void> {
  for (const [index, unit] of units.entries()) {
    const [ownName = ''] = [...own].find(([, only]) => only === index) ?? [];
    const unitId = station.database.units.findByChip(unit.chipId)?.unitId ?? 0;
    const ours = station.database.triples.findLiveOfUnit(unitId)?.deviceName;
    const { held } = unit;
    const wasOurs = held !== null && station.ledger.whereabouts(held, unitId) === 'own-retired';
    const ownState = station.database.triples.findByName(productId, ownName)?.state;
    const outcome = await station.visit(productId, unit);
    if (hasTwin(unit, units)) {
      // Which of the two may have the one identity of their MAC is for support to say.
      expect(['PASS', 'pool-empty', 'serial-conflict', 'identity-conflict']).toContain(outcome);
    } else if (held === null && ours === undefined && ownState === 'quarantined') {
      // What is for it went astray: support decides, and it gets no other.
      expect(outcome).toBe('identity-conflict');
    } else if (held === null) {
      expect(['PASS', 'pool-empty']).toContain(outcome);
      if (ownState === 'available') expect(unit.held?.deviceName).toBe(ownName);
    } else if (ours === held.deviceName) {
      expect(outcome).toBe('PASS');
      expect(unit.held?.deviceName).toBe(held.deviceName);
    } else if (wasOurs && ours !== undefined) {
      // The desk gave it another, which it has now.
      expect(outcome).toBe('PASS');
      expect(unit.held?.deviceName).toBe(ours);
    } else expect(outcome).toBe('identity-conflict');
  }
}

const hasTwin = (unit: Physical, units: readonly Physical[]): boolean =>
  units.some((other) => other !== unit && other.chipId === unit.chipId);

describe('burning identities', () => {
  it(`never puts one triple into two units, in ${HISTORIES} random histories of failures and deaths`, async () => {
    using dir = fastDir();
    using station = new BurnStation(dir.path);
    await fc.assert(
      fc.asyncProperty(ACTS, async (acts) => {
        const productId = station.begin();
        const units = createUnits(station.histories);
        const own = new Map([
          ['own-by-mac', 0],
          ['own-by-serial', 1],
        ]);
        station.bind(productId, 'own-by-mac', { boundMac: units[0]?.chipId ?? '' });
        station.bind(productId, 'own-by-serial', { boundSerial: units[1]?.serialNumber ?? '' });
        const model: Model = { productId, units, astray: new Set(), own };
        await fc.asyncModelRun(() => ({ model, real: station }), acts);
        await settle(model, station);
        checkPromise(model, station);
        if (station.histories % 200 === 0) expect(auditIdentity(station.database).violations).toEqual([]);
      }),
      { numRuns: HISTORIES },
    );
    expect(auditIdentity(station.database).violations).toEqual([]);
  }, 180_000);
});
