import { describe, expect, it } from 'vitest';
import type { ByteLink } from '../../../station/platform/index.ts';
import { answerOn } from '../../../station/protocols/index.ts';
import { createWire } from '../../../station/protocols/wire/index.ts';
import type { RunContext } from '../../../station/runner/run-context.ts';
import { RunScope } from '../../../station/runner/run-scope.ts';
import { bleAdvertises } from '../../../station/runner/steps/ble-advertises.ts';
import { faultOf } from '../support/fault-of.ts';
import { manualClock } from '../support/manual-clock.ts';

const HOSTILE = '^(a+)+$';
const ATTACK = `${'a'.repeat(5000)}!`;

function wireThatHears(text: string, clock = manualClock()): ReturnType<typeof createWire> {
  const link: ByteLink = {
    path: 'port',
    write: () => Promise.resolve(),
    onBytes: (listener) => listener?.(new TextEncoder().encode(text)),
    onLost: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return createWire(link, clock, null);
}

describe('a pattern of a recipe that would run away', () => {
  it('on what a unit says is answered: the unit said something else', async () => {
    const clock = manualClock();
    const wire = wireThatHears(`${ATTACK}\n`, clock);
    const spec = { pattern: HOSTILE, on: 'lines', withinMs: 1000, every: false, what: 'AT' } as const;
    const { signal } = new AbortController();
    const answer = faultOf(() => answerOn(wire, spec, signal));
    await clock.pass(1000);
    expect((await answer).code).toBe('limit-exceeded');
    const { matches } = await answerOn(wireThatHears('aaa\n'), spec, signal);
    expect(matches[0]?.[0]).toBe('aaa');
  });

  it('in a condition holds or does not', () => {
    const scope = new RunScope(() => '', [['heard', ATTACK]]);
    expect(scope.holds({ value: '${heard}', pattern: HOSTILE })).toBe(false);
    scope.set('heard', 'aaaa');
    expect(scope.holds({ value: '${heard}', pattern: HOSTILE })).toBe(true);
  });

  it('on the name that a unit advertises fails the unit', async () => {
    const clock = manualClock();
    const run = {
      platform: { clock },
      scope: new RunScope(() => ''),
      measure: () => undefined,
      ble: {
        address: () => 'AA:BB:CC:DD:EE:FF',
        listen: async (hear: (heard: object) => boolean) => {
          for (let n = 0; n < 5; n++) hear({ localName: ATTACK, serviceUuids: [], rssiDbm: -40 });
          return Promise.resolve();
        },
      },
    } as unknown as RunContext;
    const step = {
      verb: 'ble-advertises',
      withinMs: 1000,
      localName: HOSTILE,
      services: [],
      samples: 3,
    } as const;
    const fault = await faultOf(() =>
      bleAdvertises({ ...step, services: [] }, run, new AbortController().signal),
    );
    expect(fault).toMatchObject({ code: 'limit-exceeded', details: { measurement: 'ble-name' } });
  });
});
