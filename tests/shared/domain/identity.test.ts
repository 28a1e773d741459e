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

describe('the life of a triple', () => {
  it('answers every combination with a state of the list, or refuses it', () => {
    fc.assert(
      fc.property(state, event, (from, happening) => {
        const to = nextIdentityState(from, happening);
        expect(to === null || IDENTITY_STATES.includes(to)).toBe(true);
      }),
    );
  });

  it('goes the way of a good unit', () => {
    let at: IdentityState = 'available';
    for (const happening of ['claim', 'intend', 'confirm', 'register'] as const)
      at = nextIdentityState(at, happening) ?? at;
    expect(at).toBe('registered');
  });

  it('is given to a unit by a claim only, and only out of the pool', () => {
    for (const from of IDENTITY_STATES) {
      for (const [happening, to] of ways(from)) {
        if (!isLive(from) && isLive(to))
          expect([`${from} ${happening}`]).toContain(
            from === 'quarantined' ? 'quarantined confirm' : 'available claim',
          );
      }
    }
  });

  it('comes back to the pool only where nothing can be on a device', () => {
    const back = IDENTITY_STATES.flatMap((from) =>
      ways(from)
        .filter(([, to]) => to === 'available')
        .map(([happening]) => `${from} ${happening}`),
    );
    // `release` from quarantine is support's, who has read the unit; what was given back was never on a unit.
    expect(back.sort()).toEqual(['claimed release', 'quarantined release', 'returned lease-again']);
  });

  it('never comes back to the pool from an intent, except over a device that was read', () => {
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

  it('ends with retirement, from wherever it can be reached', () => {
    expect(ways('retired')).toEqual([]);
  });

  it('needs a device that was read to be burned', () => {
    for (const from of IDENTITY_STATES)
      for (const [happening, to] of ways(from)) if (to === 'burned') expect(happening).toBe('confirm');
  });

  it('is written from states that belong to a unit only', () => {
    for (const from of IDENTITY_STATES)
      for (const [happening, to] of ways(from)) {
        if (happening === 'intend') expect(isLive(from)).toBe(true);
        if (to === 'burning') expect(happening).toBe('intend');
      }
  });
});
