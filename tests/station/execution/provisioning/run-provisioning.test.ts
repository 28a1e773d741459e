import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeClock } from '../../../../station/devices/drivers/node/clock.ts';
import { createNodeRandom } from '../../../../station/devices/drivers/node/random.ts';
import type { BoundTriple } from '../../../../station/identity/index.ts';
import { Recorder, readRecording } from '../../../../station/execution/recording/index.ts';
import { wrapRegistry } from '../../../../station/execution/recording/wrap-registry.ts';
import { ReplayIo } from '../../../../station/execution/replay/replay-io.ts';
import { RunProvisioning } from '../../../../station/execution/provisioning/index.ts';
import { createRegistryClient, type RegistryClient } from '../../../../station/registry-sync/client/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { connectPeer, loginOf, type Peer } from '../../../registry/support/mqtt-peer.ts';
import {
  lease,
  PRODUCT,
  startRegistry,
  type LeasedTriple,
  type RegistrySetup,
} from '../../../registry/support/registry-fixture.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { tempDir } from '../../../support/temp-dir.ts';

let setup: RegistrySetup;
let client: RegistryClient;
let pool: LeasedTriple[];

beforeAll(async () => {
  setup = await startRegistry({ count: 20 });
  pool = await lease(setup, 20);
  client = createRegistryClient({
    baseUrl: setup.registry.http,
    token: setup.registry.enrolmentToken,
    station: 'S1',
  });
});
afterAll(() => setup[Symbol.asyncDispose]());

function nextTriple(): LeasedTriple {
  const triple = pool.shift();
  if (triple === undefined) throw new Error('seed more triples');
  return triple;
}

interface Options {
  readonly station?: string;
  readonly isResumed?: boolean;
  readonly registry?: RegistryClient;
  /** The key of its request; a random one when left out. */
  readonly key?: string;
}

function provisioningOf({ deviceName }: LeasedTriple, options: Options = {}) {
  const bound = { productId: PRODUCT, deviceName, tripleId: 1 } as unknown as BoundTriple;
  const measured: string[] = [];
  const random = createNodeRandom();
  const run = new RunProvisioning({
    platform: { clock: createNodeClock(), random: { ...random, id: () => options.key ?? random.id() } },
    registry: options.registry ?? client,
    station: options.station ?? 'S1',
    bound: () => bound,
    isResumed: options.isResumed ?? false,
    network: () => Promise.reject(new Error('no network is needed')),
  });
  return { run, step: run.ofAttempt(({ name, unit }) => void measured.push(`${name} ${unit}`)), measured };
}

const down = (name: string): string => `$thing/down/service/${PRODUCT}/${name}`;

async function connect({ deviceName, deviceSecret }: LeasedTriple): Promise<Peer> {
  const peer = await connectPeer(setup.mqttPort, loginOf(PRODUCT, deviceName, deviceSecret));
  await peer.client.subscribeAsync(down(deviceName), { qos: 1 });
  return peer;
}

async function report(peer: Peer, deviceName: string, token: string): Promise<void> {
  const message = { method: 'app_bind_token', clientToken: 'c', params: { token } };
  const reply = peer.next(down(deviceName));
  await peer.client.publishAsync(`$thing/up/service/${PRODUCT}/${deviceName}`, JSON.stringify(message));
  await reply;
}

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error: unknown = await work.then(
    () => new Error('a fault was expected'),
    (reason: unknown) => reason,
  );
  if (error instanceof Fault) return error;
  throw error;
}

const ownerOf = async (name: string): Promise<string | null> =>
  (await client.readOwner(PRODUCT, name, NEVER_ABORTED))?.owner?.owner ?? null;

describe('the provisioning of a run', () => {
  it('binds the unit that reports the token, releases it, and withdraws what is left', async () => {
    const triple = nextTriple();
    const { run, step, measured } = provisioningOf(triple);
    const task = await step.start(NEVER_ABORTED);
    expect((await step.start(NEVER_ABORTED)).token).toBe(task.token);
    await using peer = await connect(triple);
    await report(peer, triple.deviceName, task.token);
    await task.awaitReported(1000, NEVER_ABORTED);
    expect(measured).toEqual(['seconds-to-online s']);
    expect(await ownerOf(triple.deviceName)).toBe('station:S1');
    expect(await faultOf(run.end())).toMatchObject({
      code: 'device-bound',
      details: { owner: 'station:S1' },
    });
    const next = provisioningOf(triple, { isResumed: true });
    expect(await next.step.release(NEVER_ABORTED)).toEqual({ released: true, told: true });
    expect(await next.step.release(NEVER_ABORTED)).toEqual({ released: false, told: true });
    expect(await ownerOf(triple.deviceName)).toBeNull();
    await next.run.end();
  });

  it('says what it has seen of a unit that does not report its token', async () => {
    const [silent, online, wrong, mine, neighbour] = Array.from({ length: 5 }, nextTriple) as [
      LeasedTriple,
      LeasedTriple,
      LeasedTriple,
      LeasedTriple,
      LeasedTriple,
    ];
    const await0 = async (triple: LeasedTriple, before: (token: string) => Promise<void>): Promise<Fault> => {
      const { step, run } = provisioningOf(triple);
      const task = await step.start(NEVER_ABORTED);
      await before(task.token);
      const fault = await faultOf(task.awaitReported(0, NEVER_ABORTED));
      await run.end();
      return fault;
    };
    expect(await await0(silent, () => Promise.resolve())).toMatchObject({
      code: 'provisioning-timeout',
      details: { seenNothing: true },
    });
    await using onlinePeer = await connect(online);
    expect(onlinePeer.client.connected).toBe(true);
    expect(await await0(online, () => Promise.resolve())).toMatchObject({ details: { seenOnline: true } });
    await using wrongPeer = await connect(wrong);
    expect(
      await await0(wrong, () => report(wrongPeer, wrong.deviceName, `v3_${'0'.repeat(29)}`)),
    ).toMatchObject({ details: { tokenRefused: true } });
    await using neighbourPeer = await connect(neighbour);
    const fault = await await0(mine, (token) => report(neighbourPeer, neighbour.deviceName, token));
    expect(fault).toMatchObject({ details: { otherDevice: neighbour.deviceName } });
    expect(fault.message).not.toMatch(/v3_/);
  });

  it('releases what an interrupted run has left bound, and leaves a customer bound', async () => {
    const triple = nextTriple();
    const { deviceName } = triple;
    await using peer = await connect(triple);
    // The power goes after the binding: nothing of the run is left but the registry's record.
    const lost = await provisioningOf(triple).step.start(NEVER_ABORTED);
    await report(peer, deviceName, lost.token);
    await lost.awaitReported(1000, NEVER_ABORTED);
    const again = await provisioningOf(triple, { isResumed: true }).step.start(NEVER_ABORTED);
    expect(await ownerOf(deviceName)).toBeNull();
    // The power goes between report and binding.
    await report(peer, deviceName, again.token);
    const third = provisioningOf(triple, { isResumed: true });
    const task = await third.step.start(NEVER_ABORTED);
    expect(task.token).not.toBe(again.token);
    await report(peer, deviceName, task.token);
    await task.awaitReported(1000, NEVER_ABORTED);
    await third.step.release(NEVER_ABORTED);
    await third.run.end();
    // Bound to someone else since.
    const token = await client.makeBindToken({ productId: PRODUCT, deviceName, key: 'shop' }, NEVER_ABORTED);
    await report(peer, deviceName, token.token);
    await client.bindDevice(token.tokenId, 'customer', 'shop', NEVER_ABORTED);
    const last = provisioningOf(triple, { isResumed: true });
    expect(await faultOf(last.step.start(NEVER_ABORTED))).toMatchObject({
      code: 'device-bound',
      details: { owner: 'customer' },
    });
    expect(await faultOf(last.step.release(NEVER_ABORTED))).toMatchObject({ code: 'device-bound' });
    expect(await ownerOf(deviceName)).toBe('customer');
  });

  it('that provisions its unit once more does not call it bound, and withdraws the second token', async () => {
    const triple = nextTriple();
    const { deviceName } = triple;
    await using peer = await connect(triple);
    const { run, step } = provisioningOf(triple);
    const first = await step.start(NEVER_ABORTED);
    await report(peer, deviceName, first.token);
    await first.awaitReported(1000, NEVER_ABORTED);
    const second = await step.start(NEVER_ABORTED);
    expect(await ownerOf(deviceName)).toBeNull();
    expect(await faultOf(second.awaitReported(0, NEVER_ABORTED))).toMatchObject({
      code: 'provisioning-timeout',
    });
    await run.end();
    const late = { method: 'app_bind_token', clientToken: 'late', params: { token: second.token } };
    const topic = `$thing/up/service/${PRODUCT}/${deviceName}`;
    await peer.client.publishAsync(topic, JSON.stringify(late), { qos: 1 });
    const refused = await client.refusals({ productId: PRODUCT, deviceName }, 0, NEVER_ABORTED);
    expect(refused?.refusals.map(({ reason }) => reason)).toEqual(['token-used']);
  });

  it('keeps the token out of the recording; a replay sends one of its own', async () => {
    const triple = nextTriple();
    await using dir = tempDir('provisioning');
    const file = join(dir.path, 'run.jsonl');
    let token = '';
    {
      using recorder = new Recorder(file, { runId: 'r' }, createNodeClock());
      const { step } = provisioningOf(triple, {
        registry: wrapRegistry(recorder, client),
        key: 'recorded',
      });
      ({ token } = await step.start(NEVER_ABORTED));
      const request = { kind: 'ble', key: 'write', bytes: Buffer.from(`token=${token};`) };
      await recorder.request(request, () => Promise.resolve({}));
      recorder.comment(`given ${recorder.mask.maskText(token)}`);
    }
    expect(token).toMatch(/^v3_[0-9a-f]{29}$/);
    const text = readFileSync(file, 'latin1');
    expect(text).toContain('makeBindToken');
    for (const form of [token, token.slice(3), Buffer.from(token).toString('hex')])
      expect(text).not.toContain(form);
    using io = new ReplayIo(await readRecording(file), createNodeClock());
    const replayed = wrapRegistry(io, null);
    let own = '';
    const working = (async () => {
      await replayed.readOwner(PRODUCT, triple.deviceName, NEVER_ABORTED);
      await replayed.device(PRODUCT, triple.deviceName, NEVER_ABORTED);
      const request = {
        productId: PRODUCT,
        deviceName: triple.deviceName,
        lifeMs: 3_600_000,
        key: 'recorded',
      };
      ({ token: own } = await replayed.makeBindToken(request, NEVER_ABORTED));
      await io.request({ kind: 'ble', key: 'write', bytes: Buffer.from(`token=${own};`) });
    })();
    let isDone = false;
    void working.finally(() => (isDone = true)).catch(() => undefined);
    await io.scheduler.run(() => isDone);
    await working;
    expect(own).toMatch(/^v3_[0-9a-f]{29}$/);
    expect(own).not.toBe(token);
    expect(io.result.differences).toEqual([]);
  });
});
