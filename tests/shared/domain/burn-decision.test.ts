import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideBurn, type IdentityReading, type LedgerView, sameName } from '#shared/domain/burn-decision.ts';
import { LIVE_STATES } from '#shared/domain/identity.ts';
import type { IdentityName } from '#shared/domain/triple.ts';

const MINE: IdentityName = { productId: 'P', deviceName: 'mine' };
const OTHER: IdentityName = { productId: 'P', deviceName: 'other' };

const bound: fc.Arbitrary<LedgerView['bound']> = fc.option(
  fc.record({
    name: fc.constant(MINE),
    state: fc.constantFrom(...LIVE_STATES),
    otherSerial: fc.boolean(),
  }),
  { nil: null },
);
const elsewhere: fc.Arbitrary<LedgerView['readNameElsewhere']> = fc.constantFrom(
  'unknown',
  'pool',
  'other-unit',
  'quarantined',
  'retired',
  'own-retired',
  null,
);
const ledger = fc.record({ bound, readNameElsewhere: elsewhere });
const reading: fc.Arbitrary<IdentityReading> = fc.oneof(
  fc.constant<IdentityReading>({ kind: 'none' }),
  fc.record({
    kind: fc.constant('holds' as const),
    name: fc.constantFrom(MINE, OTHER, { productId: 'Q', deviceName: 'mine' }),
    secretMatches: fc.constantFrom(true, false, null),
  }),
);

/** Written, or perhaps written, while another serial number was scanned. */
const mayBeAnothers = (view: NonNullable<LedgerView['bound']>): boolean =>
  view.otherSerial === true && view.state !== 'claimed';

describe('the decision about the unit on the slot', () => {
  it('exists for every combination of ledger and device', () => {
    fc.assert(
      fc.property(ledger, reading, (view, read) => {
        expect(['claim-and-burn', 'burn-same', 'confirm', 'stop']).toContain(decideBurn(view, read).act);
      }),
    );
  });

  it('takes a new triple only for a unit that has none and holds none', () => {
    fc.assert(
      fc.property(ledger, reading, (view, read) => {
        const isNew = decideBurn(view, read).act === 'claim-and-burn';
        expect(isNew).toBe(view.bound === null && read.kind === 'none');
      }),
    );
  });

  it('writes again only the bound triple, and only into a unit that is empty or already holds it', () => {
    fc.assert(
      fc.property(ledger, reading, (view, read) => {
        if (decideBurn(view, read).act !== 'burn-same') return;
        expect(view.bound).not.toBeNull();
        if (read.kind !== 'holds') return;
        // Over another name only where support has retired that one and given the unit this one.
        if (!sameName(read.name, MINE)) expect(view.readNameElsewhere).toBe('own-retired');
        else expect(read.secretMatches).toBe(false);
      }),
    );
  });

  it('accepts a device that holds its bound triple, unless its secret is known to differ', () => {
    fc.assert(
      fc.property(ledger, fc.constantFrom(true, false, null), (view, secretMatches) => {
        const decision = decideBurn(view, { kind: 'holds', name: MINE, secretMatches });
        if (view.bound === null) expect(decision.act).toBe('stop');
        else if (secretMatches !== false) expect(decision.act).toBe('confirm');
        else expect(decision.act).toBe(mayBeAnothers(view.bound) ? 'stop' : 'burn-same');
      }),
    );
  });

  it('stops at a foreign identity and never overwrites it', () => {
    fc.assert(
      fc.property(ledger, fc.constantFrom(true, false, null), (view, secretMatches) => {
        const replaced =
          view.bound !== null && view.readNameElsewhere === 'own-retired' && !mayBeAnothers(view.bound);
        expect(decideBurn(view, { kind: 'holds', name: OTHER, secretMatches }).act).toBe(
          replaced ? 'burn-same' : 'stop',
        );
      }),
    );
  });

  it.each([
    ['other-unit', 'held-by-other-unit'],
    ['quarantined', 'held-by-other-unit'],
    ['retired', 'retired-triple-on-device'],
    ['own-retired', 'retired-triple-on-device'],
    ['pool', 'pool-triple-on-device'],
  ] as const)('gives the reason when the ledger has the name as %s', (where, because) => {
    const read: IdentityReading = { kind: 'holds', name: OTHER, secretMatches: null };
    expect(decideBurn({ bound: null, readNameElsewhere: where }, read)).toEqual({ act: 'stop', because });
  });

  it("distinguishes a foreign identity on a new unit from one that replaced the unit's own", () => {
    const read: IdentityReading = { kind: 'holds', name: OTHER, secretMatches: null };
    expect(decideBurn({ bound: null, readNameElsewhere: 'unknown' }, read)).toMatchObject({
      because: 'foreign',
    });
    const mine = { name: MINE, state: 'burned' } as const;
    expect(decideBurn({ bound: mine, readNameElsewhere: 'unknown' }, read)).toMatchObject({
      because: 'holds-other',
    });
  });

  it('reports whether an empty unit lost its identity or never had one', () => {
    const decide = (state: (typeof LIVE_STATES)[number]) =>
      decideBurn({ bound: { name: MINE, state }, readNameElsewhere: null }, { kind: 'none' });
    for (const state of ['claimed', 'burning', 'in-doubt'] as const)
      expect(decide(state)).toEqual({ act: 'burn-same', because: 'unwritten' });
    for (const state of ['burned', 'registered'] as const)
      expect(decide(state)).toEqual({ act: 'burn-same', because: 'erased' });
  });

  it('writes no triple that may be in another unit with the same MAC, recognised by its serial number', () => {
    fc.assert(
      fc.property(ledger, reading, (view, read) => {
        const decision = decideBurn(view, read);
        if (view.bound === null || !mayBeAnothers(view.bound)) {
          expect(decision).not.toMatchObject({ because: 'other-serial' });
        } else expect(['confirm', 'stop']).toContain(decision.act);
      }),
    );
    const clone = { name: MINE, state: 'burned', otherSerial: true } as const;
    expect(decideBurn({ bound: clone, readNameElsewhere: null }, { kind: 'none' })).toEqual({
      act: 'stop',
      because: 'other-serial',
    });
    // Claimed means that no unit can hold it: whoever is here may have it.
    const claimed = { ...clone, state: 'claimed' } as const;
    expect(decideBurn({ bound: claimed, readNameElsewhere: null }, { kind: 'none' }).act).toBe('burn-same');
  });
});
