import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONSUMPTION_WINDOWS_MS, consumptionOf } from '../../../../station/identity/pool/consumption.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { addTriples, PRODUCT } from '../../../kit/sample-rows.ts';
import { memoryDir } from '../../../support/temp-dir.ts';
import { openStation } from '../../../kit/station.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 21, 12);

describe('the consumption of a pool', () => {
  it('is what was claimed over the time it took, by the fastest of the windows', () => {
    // Thirty in the last half hour; over four hours fewer per hour.
    const half = { claims: 30, firstAtMs: NOW - 30 * MINUTE };
    expect(consumptionOf([half, { claims: 90, firstAtMs: NOW - 4 * HOUR }], 120, NOW)).toEqual({
      perHour: 60,
      emptyOf: 'all',
      emptyInMs: 2 * HOUR,
      emptySoon: false,
    });
    // A break of an hour and a half: the last hour says nothing, the last four do.
    expect(consumptionOf([undefined, { claims: 200, firstAtMs: NOW - 4 * HOUR }], 40, NOW)).toEqual({
      perHour: 50,
      emptyOf: 'all',
      emptyInMs: 48 * MINUTE,
      emptySoon: true,
    });
    // The first unit of a shift is no trend: it counts over ten minutes at least.
    expect(consumptionOf([{ claims: 1, firstAtMs: NOW }, undefined], 7, NOW)).toMatchObject({
      perHour: 6,
      emptySoon: false,
    });
  });

  it('says nothing of a pool that nobody takes from, and everything of an empty one', () => {
    expect(consumptionOf([undefined, undefined], 5, NOW)).toEqual({
      perHour: 0,
      emptyOf: 'all',
      emptyInMs: null,
      emptySoon: false,
    });
    expect(consumptionOf([undefined, undefined], 0, NOW)).toMatchObject({ emptyInMs: 0, emptySoon: true });
  });

  it('does not count on triples that are for one unit each while others are worked on', () => {
    // Sixty an hour that any unit may have, and ten for units of the list; 20 and 500 are left.
    const window = { claims: 70, firstAtMs: NOW - HOUR, freeClaims: 60, freeFirstAtMs: NOW - HOUR };
    expect(consumptionOf([window, undefined], 520, NOW, 500)).toEqual({
      perHour: 70,
      emptyOf: 'free',
      emptyInMs: 20 * MINUTE,
      emptySoon: true,
    });
    expect(consumptionOf([window, undefined], 500, NOW, 500)).toMatchObject({
      emptyInMs: 0,
      emptySoon: true,
    });
    // Only units of the list come: what is for them lasts.
    const listed = { claims: 60, firstAtMs: NOW - HOUR, freeClaims: 0, freeFirstAtMs: null };
    expect(consumptionOf([listed, undefined], 120, NOW, 120)).toMatchObject({
      emptyOf: 'all',
      emptyInMs: 2 * HOUR,
      emptySoon: false,
    });
  });

  it('warns an hour ahead of any steady line, whatever its speed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 2000 }),
        fc.integer({ min: 1, max: 5000 }),
        (perHour, available) => {
          const windows = CONSUMPTION_WINDOWS_MS.map((length) => ({
            claims: Math.round((perHour * length) / HOUR),
            firstAtMs: NOW - length,
          }));
          const { emptyInMs, emptySoon } = consumptionOf(windows, available, NOW);
          expect(emptyInMs).toBe(Math.round((available / perHour) * HOUR));
          expect(emptySoon).toBe(available < perHour);
        },
      ),
    );
  });

  it('is announced with the pool, and logged once when it runs low', async () => {
    using dir = memoryDir();
    const clock = manualClock();
    const warned: unknown[] = [];
    const log = {
      info: () => undefined,
      error: () => undefined,
      warn: (event: string, fields?: object) => void warned.push({ event, ...fields }),
    };
    const station = await openStation(dir.path, {}, { clock, log });
    try {
      addTriples(station.database, 100);
      expect(station.pool.state().products).toMatchObject([
        { productId: PRODUCT, perHour: 0, emptyInMs: null, emptySoon: false },
      ]);
      // One a minute.
      for (let n = 1; n <= 70; n++) {
        clock.jump(MINUTE);
        const { unitId } = station.database.units.recordSeen(`${n}`.padStart(12, '0'), null, null, n);
        station.database.transaction(() => {
          const free = station.database.triples.findNextFree(PRODUCT);
          if (free === null) throw new Error('the pool is empty');
          const because = { at: clock.nowMs(), runId: null, note: '' };
          station.database.triples.applyEvent(free, 'claim', because, unitId);
        });
        station.pool.state();
      }
      const [state] = station.pool.state().products;
      expect(state?.perHour).toBeGreaterThanOrEqual(60);
      expect(state?.perHour).toBeLessThan(64);
      expect(state).toMatchObject({ counts: { available: 30 }, emptySoon: true });
      expect(warned).toEqual([expect.objectContaining({ event: 'pool.empty-soon', productId: PRODUCT })]);
      // Nobody works for half a day: nothing is consumed, and the warning is over.
      clock.jump(12 * HOUR);
      expect(station.pool.state().products).toMatchObject([
        { perHour: 0, emptyInMs: null, emptySoon: false },
      ]);
    } finally {
      await station.close();
    }
  });
});
