import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exitStatusOf, Fault, FAULT_CLASS, FAULT_CODES, throwIfAborted } from '#shared/domain/fault.ts';
import { OUTCOMES, outcomeOfFault, worstOutcome } from '#shared/domain/outcome.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';

const outcome = fc.constantFrom(...OUTCOMES);

describe('the outcome of a run', () => {
  it('is FAIL for faults of the unit and never for faults of the station', () => {
    for (const code of FAULT_CODES) {
      const of = outcomeOfFault(code);
      expect(of === 'FAIL').toBe(FAULT_CLASS[code] === 'unit');
      if (FAULT_CLASS[code] === 'environment' || FAULT_CLASS[code] === 'integrity') expect(of).toBe('ERROR');
    }
    expect(outcomeOfFault('cancelled')).toBe('ABORTED');
    expect(outcomeOfFault('timeout')).toBe('TIMEOUT');
    expect(outcomeOfFault('identity-conflict')).toBe('ERROR');
  });

  it('is the worst outcome of its steps, in any order', () => {
    fc.assert(
      fc.property(fc.array(outcome), fc.array(outcome), (some, more) => {
        const worst = worstOutcome([...some, ...more]);
        expect(worst).toBe(worstOutcome([...more, ...some]));
        expect(worst).toBe(worstOutcome([worstOutcome(some), worstOutcome(more)]));
        expect([...some, ...more, 'PASS']).toContain(worst);
        expect(worst === 'PASS').toBe([...some, ...more].every((o) => o === 'PASS'));
      }),
    );
  });
});

describe('a fault', () => {
  it('has an exit status by its class', () => {
    for (const code of FAULT_CODES)
      expect(exitStatusOf(code)).toBe(
        { input: 2, environment: 3, integrity: 4, unit: 1, flow: 1, internal: 1 }[FAULT_CLASS[code]],
      );
  });

  it('is the reason of a wait that was aborted with it; any other reason is a stop', () => {
    const ours = new Fault('timeout', 'too long');
    expect(() => throwIfAborted(AbortSignal.abort(ours))).toThrow(ours);
    expect(() => throwIfAborted(AbortSignal.abort('x'))).toThrow(
      expect.objectContaining({ code: 'cancelled' }),
    );
    expect(() => throwIfAborted(NEVER_ABORTED)).not.toThrow();
  });
});
