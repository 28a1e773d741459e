import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NearUnits } from '../../../../station/execution/slots/near-units.ts';

const FLOOR = -70;
const near = (...units: readonly (readonly [string, number])[]): ReadonlyMap<string, number> =>
  new Map(units);
/** Units of a station whose first rounds heard nothing. */
function listening(marginDb = 6): NearUnits {
  const units = new NearUnits({ minRssiDbm: FLOOR, marginDb });
  rounds(units, 2, near());
  return units;
}
function rounds(units: NearUnits, count: number, heard: ReadonlyMap<string, number>): void {
  for (let n = 0; n < count; n += 1) units.round(heard);
}

describe('which unit starts', () => {
  it('one that was heard in two rounds at the floor or above it; not at once, and not a weak one', () => {
    const units = listening();
    rounds(units, 1, near(['A', FLOOR], ['B', FLOOR - 1]));
    expect(units.next()).toEqual({ kind: 'none' });
    rounds(units, 1, near(['A', FLOOR], ['B', FLOOR - 1]));
    expect(units.next()).toEqual({ kind: 'unit', address: 'A' });
    units.began('A');
    rounds(units, 9, near(['B', FLOOR - 1]));
    expect(units.next()).toEqual({ kind: 'none' });
  });

  it('the strongest, if it leads the second new one; a tested one beside it does not count', () => {
    const units = listening();
    rounds(units, 2, near(['A', -50], ['B', -53]));
    expect(units.next()).toEqual({ kind: 'several', addresses: ['A', 'B'] });
    rounds(units, 1, near(['A', -50], ['B', -56]));
    expect(units.next()).toEqual({ kind: 'unit', address: 'A' });
    units.began('A');
    units.ended('A');
    rounds(units, 1, near(['A', -50], ['B', -53]));
    expect(units.next()).toEqual({ kind: 'unit', address: 'B' });
  });

  it('none that was there before the first rounds, until it was away', () => {
    const units = new NearUnits({ minRssiDbm: FLOOR, marginDb: 0 });
    rounds(units, 9, near(['A', -40]));
    expect(units.next()).toEqual({ kind: 'none' });
    rounds(units, 6, near());
    rounds(units, 2, near(['A', -40]));
    expect(units.next()).toEqual({ kind: 'unit', address: 'A' });
  });

  it('a tested one only after six rounds away; a missed advertisement and noise about the floor are not away', () => {
    const units = listening();
    rounds(units, 2, near(['A', -60]));
    units.began('A');
    // It does not advertise while it is connected.
    rounds(units, 20, near());
    units.ended('A');
    for (let n = 0; n < 8; n += 1) {
      rounds(units, 5, near());
      rounds(units, 1, near(['A', FLOOR - 6]));
      rounds(units, 1, near(['A', FLOOR + 1]));
      expect(units.next()).toEqual({ kind: 'none' });
    }
    rounds(units, 6, near(['A', FLOOR - 7]));
    rounds(units, 2, near(['A', -60]));
    expect(units.next()).toEqual({ kind: 'unit', address: 'A' });
  });
});

/** What happens to sixteen units and four slots, one after the other. */
type Happening =
  | { readonly kind: 'put'; readonly unit: number; readonly dbm: number }
  | { readonly kind: 'take-away'; readonly unit: number }
  | { readonly kind: 'round'; readonly deaf: readonly number[] }
  | { readonly kind: 'end'; readonly slot: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      unit: fc.nat(15),
      dbm: fc.integer({ min: -90, max: -30 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('take-away' as const), unit: fc.nat(15) }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant('round' as const),
      deaf: fc.array(fc.nat(15), { maxLength: 4 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('end' as const), slot: fc.nat(3) }) },
);

it('sixteen units and four slots: no unit in two slots, none again without having been away, and all that stay are tested', () => {
  let starts = 0;
  fc.assert(
    fc.property(
      fc.array(happening, { minLength: 20, maxLength: 200 }),
      fc.constantFrom(0, 6),
      (happenings, marginDb) => {
        const units = listening(marginDb);
        const there = new Map<number, number>();
        const slots: (number | null)[] = [null, null, null, null];
        /** Rounds in a row in which a unit was not received since its last test ended. */
        const away = new Map<number, number>();
        const tested = new Set<number>();
        const round = (deaf: readonly number[]): void => {
          const heard = new Map(
            [...there]
              .filter(([unit]) => !deaf.includes(unit) && !slots.includes(unit))
              .map(([unit, dbm]) => [String(unit), dbm] as const),
          );
          units.round(heard);
          for (const unit of tested) {
            const isNear = (heard.get(String(unit)) ?? -Infinity) >= FLOOR - 6;
            if (slots.includes(unit)) continue;
            const missed = isNear ? 0 : (away.get(unit) ?? 0) + 1;
            away.set(unit, missed);
            if (missed >= 6) tested.delete(unit);
          }
          for (const [slot, inSlot] of slots.entries()) {
            if (inSlot !== null) continue;
            const next = units.next();
            if (next.kind !== 'unit') break;
            const unit = Number(next.address);
            expect(slots).not.toContain(unit);
            expect(tested.has(unit), `unit ${unit} again`).toBe(false);
            expect(heard.get(next.address)).toBeGreaterThanOrEqual(FLOOR);
            units.began(next.address);
            slots[slot] = unit;
            starts += 1;
          }
        };
        const end = (slot: number): void => {
          const unit = slots[slot];
          if (unit === null || unit === undefined) return;
          slots[slot] = null;
          units.ended(String(unit));
          tested.add(unit);
          away.set(unit, 0);
        };
        for (const one of happenings) {
          if (one.kind === 'put') there.set(one.unit, one.dbm);
          else if (one.kind === 'take-away') there.delete(one.unit);
          else if (one.kind === 'end') end(one.slot);
          else round(one.deaf);
        }
        // All are taken away and put back: each is a new start, exactly once.
        for (const slot of slots.keys()) end(slot);
        there.clear();
        for (let n = 0; n < 6; n += 1) round([]);
        tested.clear();
        for (let unit = 0; unit < 16; unit += 1) there.set(unit, -30);
        // Alike units start where the recipe allows it.
        if (marginDb > 0) return;
        const before = starts;
        for (let n = 0; n < 12; n += 1) {
          round([]);
          for (const slot of slots.keys()) end(slot);
        }
        expect(starts - before).toBe(16);
      },
    ),
    { numRuns: 40 },
  );
  expect(starts).toBeGreaterThan(16);
});
