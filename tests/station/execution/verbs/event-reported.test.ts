import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { step as stepShape } from '#shared/recipe/verbs/index.ts';
import { createNodeClock } from '../../../../station/devices/drivers/node/clock.ts';
import {
  RunScope,
  type Measurement,
  type RunContext,
} from '../../../../station/execution/run-context/index.ts';
import { eventReported } from '../../../../station/execution/verbs/event-reported.ts';
import { createRegistryClient, type RegistryClient } from '../../../../station/registry-sync/client/index.ts';
import { connectPeer, loginOf, type Peer } from '../../../registry/support/mqtt-peer.ts';
import {
  lease,
  PRODUCT,
  startRegistry,
  type LeasedTriple,
  type RegistrySetup,
} from '../../../registry/support/registry-fixture.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

let setup: RegistrySetup;
let client: RegistryClient;
let triple: LeasedTriple;
let peer: Peer;

beforeAll(async () => {
  setup = await startRegistry({ count: 2 });
  triple = (await lease(setup, 1))[0] as LeasedTriple;
  client = createRegistryClient({
    baseUrl: setup.registry.http,
    token: setup.registry.enrolmentToken,
    station: 'S1',
  });
  peer = await connectPeer(setup.mqttPort, loginOf(PRODUCT, triple.deviceName, triple.deviceSecret));
});
afterAll(async () => {
  await peer[Symbol.asyncDispose]();
  await setup[Symbol.asyncDispose]();
});

const post = (eventId: string, params: object): Promise<unknown> =>
  peer.client.publishAsync(
    `$thing/up/event/${PRODUCT}/${triple.deviceName}`,
    JSON.stringify({ method: 'event_post', clientToken: 'e', version: '1.0', type: 'info', eventId, params }),
    { qos: 1 },
  );

/** A run that began now. */
function newRun() {
  const clock = createNodeClock();
  const startedMs = clock.monotonicMs();
  const measured: string[] = [];
  const context: Partial<RunContext> = {
    bound: { productId: PRODUCT, deviceName: triple.deviceName } as NonNullable<RunContext['bound']>,
    registry: client,
    platform: {
      clock: { ...clock, monotonicMs: () => clock.monotonicMs() - startedMs, sleep: clock.sleep.bind(clock) },
    } as RunContext['platform'],
    scope: new RunScope(() => ({}) as never),
    eventsTaken: new Set(),
    measure: ({ name, value, outcome }: Measurement) =>
      void measured.push(`${name} ${String(value)} ${outcome}`),
  };
  const perform = async (written: object): Promise<string> => {
    const step = stepShape.parse({
      verb: 'event-reported',
      withinMs: 1,
      ...written,
    }) as StepOf<'event-reported'>;
    try {
      await eventReported(step, context as RunContext, NEVER_ABORTED);
      return 'PASS';
    } catch (error) {
      return error instanceof Fault ? error.code : String(error);
    }
  };
  return { perform, measured };
}

describe('event-reported', () => {
  it('takes each event of this run once, by its parameters, and measures them', async () => {
    await post('doorbell', { key: 9 });
    const before = Date.now();
    await expect.poll(() => Date.now() > before + 2).toBe(true);
    const { perform, measured } = newRun();
    // The event of before the run does not count.
    expect(await perform({ event: 'doorbell' })).toBe('device-silent');
    await post('low_battery', { source: 'main', level: 7 });
    await post('doorbell', { key: 1 });
    await post('doorbell', { key: 2, mic: 'AAABAAIAAwA=' });
    expect(
      await perform({ event: 'doorbell', params: { key: 2 }, measure: [{ name: 'mic', as: 'pcm16-rms' }] }),
    ).toBe('PASS');
    expect(await perform({ event: 'doorbell', params: { key: 2 } })).toBe('device-silent');
    expect(await perform({ event: 'doorbell' })).toBe('PASS');
    expect(await perform({ event: 'doorbell' })).toBe('device-silent');
    const battery = { name: 'battery', group: 'level', as: 'number', limits: { min: 10 } };
    expect(await perform({ event: 'low_battery', measure: [battery] })).toBe('limit-exceeded');
    await post('low_battery', { source: 'main' });
    expect(await perform({ event: 'low_battery', measure: [battery] })).toBe('device-garbled');
    expect(measured).toEqual(['mic -89.34 PASS', 'battery 7 FAIL']);
  });

  it('waits for an event that comes later', async () => {
    const { perform } = newRun();
    const waiting = perform({ event: 'late', withinMs: 20_000 });
    await post('late', {});
    expect(await waiting).toBe('PASS');
  });
});
