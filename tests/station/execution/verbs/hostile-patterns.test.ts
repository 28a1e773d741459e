import { describe, expect, it } from 'vitest';
import { SecretMask } from '../../../../station/core/secret-mask/index.ts';
import type { DevicePort } from '../../../../station/core/platform/index.ts';
import { expectAnswer } from '../../../../station/devices/protocols/index.ts';
import { SerialIo } from '../../../../station/devices/serial-io/index.ts';
import type { BleAdvertisement } from '../../../../station/core/platform/index.ts';
import type { Measurement, RunContext } from '../../../../station/execution/run-context/run-context.ts';
import { RunScope } from '../../../../station/execution/run-context/run-scope.ts';
import { bleAdvertises } from '../../../../station/execution/verbs/ble-advertises.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const HOSTILE = '^(a+)+$';
const ATTACK = `${'a'.repeat(5000)}!`;

function ioThatReceives(text: string, clock = manualClock()): SerialIo {
  const port: DevicePort = {
    path: 'port',
    write: () => Promise.resolve(),
    onData: (listener) => listener?.(new TextEncoder().encode(text)),
    onLost: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return new SerialIo(port, { clock, mask: new SecretMask(), framing: null });
}

describe('a pattern of a recipe that would run away', () => {
  it('on the text of a unit ends as another answer', async () => {
    const clock = manualClock();
    const io = ioThatReceives(`${ATTACK}\n`, clock);
    const spec = { pattern: HOSTILE, on: 'lines', timeoutMs: 1000, every: false, what: 'AT' } as const;
    const { signal } = new AbortController();
    const answer = faultOf(() => expectAnswer(io, spec, signal));
    await clock.pass(1000);
    expect((await answer).code).toBe('limit-exceeded');
    const { matches } = await expectAnswer(ioThatReceives('aaa\n'), spec, signal);
    expect(matches[0]?.[0]).toBe('aaa');
  });

  it('in a condition holds or does not', () => {
    const scope = new RunScope(() => '', [['heard', ATTACK]]);
    expect(scope.holds({ value: '${heard}', pattern: HOSTILE })).toBe(false);
    scope.set('heard', 'aaaa');
    expect(scope.holds({ value: '${heard}', pattern: HOSTILE })).toBe(true);
  });

  it('on the name that a unit advertises fails the unit', async () => {
    const run = airOf(Array.from({ length: 5 }, () => heard({ localName: ATTACK })));
    const fault = await faultOf(() => bleAdvertises(ADVERTISES, run.context, NEVER_ABORTED));
    expect(fault).toMatchObject({ code: 'limit-exceeded', details: { measurement: 'ble-name' } });
  });
});

it('a unit that advertises new services without end is recorded with a few, the wanted ones among them', async () => {
  const junk = Array.from({ length: 5000 }, (_, n) =>
    heard({ serviceUuids: [n.toString(16).padStart(4, '0')] }),
  );
  const run = airOf([...junk, heard({ localName: 'aaa', serviceUuids: ['fff0'] })]);
  const step = { ...ADVERTISES, services: ['fff0'] };
  await bleAdvertises(step, run.context, NEVER_ABORTED);
  const services = String(run.measured.find(({ name }) => name === 'ble-services')?.value).split(' ');
  expect(services).toContain('fff0');
  expect(services.length).toBeLessThan(300);
});

const ADVERTISES = {
  verb: 'ble-advertises' as const,
  withinMs: 1000,
  localName: HOSTILE,
  services: [],
  samples: 3,
};

function heard(said: Partial<BleAdvertisement>): BleAdvertisement {
  return {
    address: 'AA:BB:CC:DD:EE:FF',
    localName: null,
    serviceUuids: [],
    rssiDbm: -40,
    manufacturerData: null,
    connectable: true,
    ...said,
  } as BleAdvertisement;
}

/** A run whose unit says these things over the air, and what it measured. */
function airOf(air: readonly BleAdvertisement[]): {
  readonly context: RunContext;
  readonly measured: Measurement[];
} {
  const measured: Measurement[] = [];
  const context = {
    platform: { clock: manualClock() },
    scope: new RunScope(() => ''),
    measure: (value: Measurement) => void measured.push(value),
    ble: {
      address: () => 'AA:BB:CC:DD:EE:FF',
      scan: (onAdvertisement: (advertisement: BleAdvertisement) => boolean) =>
        Promise.resolve(air.some((one) => onAdvertisement(one))),
    },
  } as unknown as RunContext;
  return { context, measured };
}
