import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  buildNvsPartition,
  findNvsValue,
  type NvsContent,
  nvsString,
  nvsText,
  planNvsUpdate,
  readNvs,
} from '#shared/codec/nvs/index.ts';
import { device } from '#shared/recipe/index.ts';
import { unitFault } from '../../../../../simulator/faults/index.ts';
import type { Clock } from '../../../../../station/core/platform/index.ts';
import { SecretMask } from '../../../../../station/core/secret-mask/index.ts';
import { createNodeClock } from '../../../../../station/devices/drivers/node/clock.ts';
import { createRfc2217Ports } from '../../../../../station/devices/drivers/tcp/index.ts';
import { openDevice } from '../../../../../station/devices/protocols/index.ts';
import { changesFor, tripleIn } from '../../../../../station/devices/protocols/nvs/triple-in-nvs.ts';
import { TestSimulator } from '../../../../kit/test-simulator.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { LONG } from '../../../../support/depth.ts';
import { soon } from '../../../../support/patience.ts';
import { TURN } from '../../../../support/rotation.ts';
import { partitionTable } from './flash-fake.ts';

const AT = 0x9000;
const SIZE = 0x4000;
const OLD = { productId: 'CS0SLTKSYA', deviceName: 'dev-old', deviceSecret: 'T2xkU2VjcmV0T2xkU2VjcmV0' };
const NEW = { productId: 'CS0SLTKSYB', deviceName: 'dev-new', deviceSecret: 'TmV3U2VjcmV0TmV3U2VjcmV0' };
/** Without `npm test -- --long` a run takes so many cuts of all, others in each turn. */
const SHORT_CUTS = 3;

const SETTINGS = device.parse({
  profile: 'described',
  serial: { baudRate: 115_200 },
  identity: {
    nvs: { chip: 'esp32c3', namespace: 'id', productId: 'pid', deviceName: 'dn', deviceSecret: 'psk' },
  },
});
const { nvs } = SETTINGS.identity ?? {};
if (nvs === undefined) throw new Error('no identity in NVS');

const own = createNodeClock();
/** Pauses of a reset, which the simulated chip does not need, are shorter; limits are not. */
const LONGEST_PAUSE_MS = 600;

/** Limits end early when the supply has failed: a chip that has restarted is not awaited for long. */
function clockUntil(failed: () => Promise<unknown>): Clock {
  return {
    nowMs: () => own.nowMs(),
    monotonicMs: () => own.monotonicMs(),
    sleep: (ms, signal) =>
      ms <= LONGEST_PAUSE_MS
        ? own.sleep(ms / 10, signal)
        : Promise.race([own.sleep(ms, signal), failed().then(() => own.sleep(ms / 50, signal))]),
  };
}

const contentIn = (partition: Uint8Array): NvsContent => {
  const reading = readNvs(partition);
  if (reading.kind !== 'content') throw new Error(reading.kind);
  return reading.content;
};

const textOf = ({ productId, deviceName, deviceSecret }: typeof OLD): string =>
  `${productId} ${deviceName} ${deviceSecret}`;

/** What the application of the unit finds. */
function identityIn(content: NvsContent): string {
  const { kind } = tripleIn(content, nvs!, null);
  if (kind === 'none') return kind;
  const [productId = '', deviceName = '', deviceSecret = ''] = ['pid', 'dn', 'psk'].map((key) => {
    const value = findNvsValue(content, 'id', key);
    return value === null ? '' : (nvsText(value) ?? '');
  });
  return textOf({ productId, deviceName, deviceSecret });
}

/** A partition with values of other programs, and the identity between them. `pages`: how many are full of other values. */
function partition(pages: number): Uint8Array {
  const other = (key: string, bytes: number) => ({
    namespace: 2,
    key,
    value: nvsString(key.repeat(bytes / 4)),
  });
  const items = Array.from({ length: pages }, (_, page) => other(`big${page}`, 3600));
  const identity = changesFor(OLD, nvs!, null).flatMap(({ key, value }) =>
    value === null ? [] : [{ namespace: 1, key, value }],
  );
  const namespaces = [
    { name: 'id', index: 1 },
    { name: 'wifi', index: 2 },
  ];
  return buildNvsPartition({ format: 2, namespaces, items: [...items, ...identity, other('ssid', 8)] }, SIZE);
}

interface Cut {
  readonly offset: number;
  readonly during: 'erase' | 'write';
}

/** Where the supply fails: at each erased sector, and at each entry of each page that is written. */
function cutsOf(before: Uint8Array): Cut[] {
  const reading = readNvs(before);
  if (reading.kind !== 'content') throw new Error(reading.kind);
  const { writes } = planNvsUpdate(reading, SIZE, 'id', changesFor(NEW, nvs!, null));
  return writes.flatMap(({ offset, page }): Cut[] => {
    const at = AT + offset;
    if (page === null) return [{ offset: at, during: 'erase' }];
    const used = page.findLastIndex((byte) => byte !== 0xff);
    const entries = Array.from({ length: Math.ceil(used / 32) }, (_, entry) => at + 32 * entry);
    return entries.map((entry) => ({ offset: entry, during: 'write' }));
  });
}

it.each([0, 2])(
  'a brown-out at any entry leaves the old identity, none or the new one; %i pages are full',
  async (pages) => {
    await using simulator = await TestSimulator.start({ profile: 'esp32c3', timeScale: 0, rfc2217: true });
    const [unit] = simulator.inner.units;
    const file = unit?.flash ?? '';
    await using port = await createRfc2217Ports().open(simulator.pathOf(1), { baudRate: 115_200 }, soon());
    let failed: Promise<unknown> = new Promise(() => undefined);
    const clock = clockUntil(() => failed);
    const { session } = openDevice(port, SETTINGS, { clock, mask: new SecretMask() });
    await session.identify(soon());
    const before = Buffer.from(readFileSync(file));
    before.set(partitionTable([[1, 2, AT, SIZE, 'nvs']]), 0x8000);
    const cuts = cutsOf(partition(pages));
    const chosen = LONG ? 1 : Math.ceil(cuts.length / SHORT_CUTS);
    const others = [...Array.from({ length: pages }, (_, page) => `big${page}`), 'ssid'];
    const write = (): Promise<unknown> => session.writeIdentity(NEW, soon());
    for (const cut of cuts.filter((_, index) => index % chosen === TURN % chosen)) {
      before.set(partition(pages), AT);
      writeFileSync(file, before, { flag: 'r+' });
      const fault = unitFault.parse({ fault: 'flash-brown-out', ...cut, times: 1 });
      await simulator.inner.changeFaults(1, { add: [fault] });
      failed = simulator.event('sim.faults', ({ faults }) => faults.length === 0, simulator.events.length);
      // Which fault it is depends on what the chip says when it starts again.
      await faultOf(write);
      failed = new Promise(() => undefined);
      const content = contentIn(readFileSync(file).subarray(AT, AT + SIZE));
      expect(['none', textOf(OLD), textOf(NEW)]).toContain(identityIn(content));
      const kept = content.items.filter(({ namespace }) => namespace === 2).map(({ key }) => key);
      expect(kept.toSorted()).toEqual(others);
    }
    // The same triple is written again into what the last brown-out has left.
    await write();
    expect(await session.readIdentity(NEW, soon())).toMatchObject({ kind: 'holds', secretMatches: true });
  },
  LONG ? 600_000 : 60_000,
);
