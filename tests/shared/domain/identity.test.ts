import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  IDENTITY_EVENTS,
  IDENTITY_STATES,
  type IdentityEvent,
  type IdentityState,
  LIVE_STATES,
  nextIdentityState,
} from '#shared/domain/identity.ts';

const state = fc.constantFrom(...IDENTITY_STATES);
const event = fc.constantFrom(...IDENTITY_EVENTS);
const isLive = (s: IdentityState): boolean => (LIVE_STATES as readonly IdentityState[]).includes(s);

/** Every way from `from` that the table allows, as pairs of event and state. */
function ways(from: IdentityState): [IdentityEvent, IdentityState][] {
  return IDENTITY_EVENTS.flatMap((e) => {
    const to = nextIdentityState(from, e);
    return to === null ? [] : [[e, to] as [IdentityEvent, IdentityState]];
  });
}

describe('the state table of a triple', () => {
  it('returns a known state for every combination, or refuses it', () => {
    fc.assert(
      fc.property(state, event, (from, happening) => {
        const to = nextIdentityState(from, happening);
        expect(to === null || IDENTITY_STATES.includes(to)).toBe(true);
      }),
    );
  });

  it('allows the states of a good unit in order', () => {
    let at: IdentityState = 'available';
    for (const happening of ['claim', 'intend', 'confirm', 'register'] as const)
      at = nextIdentityState(at, happening) ?? at;
    expect(at).toBe('registered');
  });

  it('gives a triple to a unit only by a claim, and only from the pool', () => {
    for (const from of IDENTITY_STATES) {
      for (const [happening, to] of ways(from)) {
        if (!isLive(from) && isLive(to))
          expect([`${from} ${happening}`]).toContain(
            from === 'quarantined' ? 'quarantined confirm' : 'available claim',
          );
      }
    }
  });

  it('returns a triple to the pool only if it cannot be on a device', () => {
    const back = IDENTITY_STATES.flatMap((from) =>
      ways(from)
        .filter(([, to]) => to === 'available')
        .map(([happening]) => `${from} ${happening}`),
    );
    // `release` from quarantine is support's, who has read the unit; what was given back was never on a unit.
    expect(back.sort()).toEqual(['claimed release', 'quarantined release', 'returned lease-again']);
  });

  it('returns no triple to the pool after an intent, unless the device was read', () => {
    // Whatever happens after `intend`, the pool is reached only through `absent` (or support's quarantine).
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (happenings) => {
        let at: IdentityState = 'burning';
        const passed: IdentityEvent[] = [];
        for (const happening of happenings) {
          const to = nextIdentityState(at, happening);
          if (to === null) continue;
          passed.push(happening);
          at = to;
          if (at === 'available') {
            expect(passed.some((e) => e === 'absent' || e === 'conflict')).toBe(true);
            return;
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('never leaves the state retired', () => {
    expect(ways('retired')).toEqual([]);
  });

  it('needs a read-back for the state burned', () => {
    for (const from of IDENTITY_STATES)
      for (const [happening, to] of ways(from)) if (to === 'burned') expect(happening).toBe('confirm');
  });

  it('allows a write only in states that belong to a unit', () => {
    for (const from of IDENTITY_STATES)
      for (const [happening, to] of ways(from)) {
        if (happening === 'intend') expect(isLive(from)).toBe(true);
        if (to === 'burning') expect(happening).toBe('intend');
      }
  });
});
