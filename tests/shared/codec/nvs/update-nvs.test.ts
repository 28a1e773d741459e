import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  buildNvsPartition,
  findNvsValue,
  type NvsContent,
  type NvsReading,
  nvsString,
  nvsText,
  type NvsUpdate,
  planNvsUpdate,
  readNvs,
} from '#shared/codec/nvs/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { anyContent, contentOf, PAGE, sorted } from './nvs-samples.ts';

type Content = Extract<NvsReading, { kind: 'content' }>;
const SIZE = 0x2_0000;

function read(partition: Uint8Array): Content {
  const reading = readNvs(partition);
  if (reading.kind !== 'content') throw new Error(reading.kind);
  return reading;
}

/** Writes as a loader does: a sector is erased, then programmed. */
function perform(
  partition: Uint8Array,
  { writes }: NvsUpdate,
  afterEach: (partition: Uint8Array) => void,
): void {
  for (const { offset, page } of writes) {
    partition.fill(0xff, offset, offset + PAGE);
    afterEach(partition);
    if (page !== null) {
      partition.set(page.subarray(0, 700), offset);
      afterEach(partition);
      partition.set(page, offset);
      afterEach(partition);
    }
  }
}

const change = (key: string, text: string | null) => ({ key, value: text === null ? null : nvsString(text) });

function textOf(content: NvsContent, key: string): string | null {
  const value = findNvsValue(content, 'own', key);
  return value === null ? null : nvsText(value);
}

test('a change keeps all other values; at each power cut every value is old, new or removed', () => {
  fc.assert(
    fc.property(anyContent, (content) => {
      fc.pre(content.namespaces.every(({ name }) => name !== 'own'));
      const withKeys = read(
        planNvsUpdate(read(buildNvsPartition(content, SIZE)), SIZE, 'own', [
          change('name', 'old'),
          change('gone', 'x'),
        ]).image,
      );
      const partition = buildNvsPartition(withKeys.content, SIZE);
      const update = planNvsUpdate(read(partition), SIZE, 'own', [
        change('name', 'new'),
        change('gone', null),
      ]);
      const others = sorted({ ...content, namespaces: withKeys.content.namespaces });
      const othersNow = (now: NvsContent): unknown => {
        const own = now.namespaces.find(({ name }) => name === 'own')?.index;
        const items = now.items.filter(({ namespace }) => namespace !== own);
        return sorted({
          ...now,
          items: items.map((item) => {
            const before = content.items.find(
              ({ namespace, key }) => namespace === item.namespace && key === item.key,
            );
            // The number of the first piece is no part of the value.
            return before?.value.type === 'blob' && item.value.type === 'blob'
              ? { ...item, value: { ...item.value, firstPiece: before.value.firstPiece } }
              : item;
          }),
        });
      };
      perform(partition, update, (torn) => {
        const now = read(torn).content;
        expect(othersNow(now)).toEqual(others);
        // The last change is the decisive one: it is there when all of the others are.
        expect(['old', 'new', null]).toContain(textOf(now, 'name'));
        expect(['x', null]).toContain(textOf(now, 'gone'));
      });
      expect(Buffer.from(partition).equals(Buffer.from(update.image))).toBe(true);
      const after = read(partition);
      expect(othersNow(after.content)).toEqual(others);
      expect([textOf(after.content, 'name'), textOf(after.content, 'gone')]).toEqual(['new', null]);
      expect(after).toMatchObject({ damagedPages: 0, damagedEntries: 0 });
    }),
    { numRuns: 25 },
  );
});

test('the old value is nowhere in the partition afterwards', () => {
  const partition = buildNvsPartition(
    contentOf([{ namespace: 1, key: 'secret', value: nvsString('OLDSECRET') }]),
    0x4000,
  );
  const update = planNvsUpdate(read(partition), partition.length, 'app', [change('secret', null)]);
  perform(partition, update, () => undefined);
  expect(Buffer.from(partition).includes('OLDSECRET')).toBe(false);
  expect(read(partition).content).toMatchObject({ namespaces: [{ name: 'app' }], items: [] });
});

test('a blank partition gets one page, and the rest is left alone', () => {
  const { writes } = planNvsUpdate(read(new Uint8Array(0x6000).fill(0xff)), 0x6000, 'own', [
    change('name', 'x'),
  ]);
  expect(writes.map(({ offset, page }) => [offset, page?.length])).toEqual([[0, PAGE]]);
});

/**
 * Performs an update of the keys `secret` and `name`. At each power cut, between two sectors and in the middle of one, all other values
 * are there, and both are old, both are new, or there is no name.
 *
 * @param step bytes between two power cuts in the middle of a sector
 */
function expectSafe(partition: Uint8Array, update: NvsUpdate, step = 32): void {
  const before = read(partition).content;
  const indexIn = ({ namespaces }: NvsContent): number | undefined =>
    namespaces.find(({ name }) => name === 'own')?.index;
  const own = indexIn(before) ?? indexIn(read(update.image).content);
  const othersOf = ({ items }: NvsContent): unknown =>
    items
      .filter(({ namespace }) => namespace !== own)
      .map(({ key, value }) => [key, 'bytes' in value ? Buffer.from(value.bytes).toString('hex') : value])
      .toSorted();
  const pair = (content: NvsContent): unknown[] => [textOf(content, 'secret'), textOf(content, 'name')];
  const others = othersOf(before);
  const old = pair(before);
  const expectWhole = (now: NvsContent): void => {
    expect(othersOf(now)).toEqual(others);
    if (pair(now)[1] !== null) expect([old, ['s2', 'n2']]).toContainEqual(pair(now));
  };
  for (const { offset, page } of update.writes) {
    partition.fill(0xff, offset, offset + PAGE);
    expectWhole(read(partition).content);
    if (page === null) continue;
    const used = page.findLastIndex((byte) => byte !== 0xff);
    for (let cut = 8; cut <= used; cut += step) {
      const torn = Uint8Array.from(partition);
      torn.set(page.subarray(0, cut), offset);
      expectWhole(read(torn).content);
    }
    partition.set(page, offset);
    expectWhole(read(partition).content);
  }
  expect(pair(read(partition).content)).toEqual(['s2', 'n2']);
  expect(Buffer.from(partition).equals(Buffer.from(update.image))).toBe(true);
}

const CHANGES = [change('secret', 's2'), change('name', 'n2')];
const full = (key: string, bytes = 3700) => ({
  namespace: 2,
  key,
  value: nvsString(key.repeat(bytes / key.length)),
});

test('a partition with one free page is changed page by page, and a power cut leaves the old or the new identity', () => {
  for (const at of [0, 1, 2, 3]) {
    const identity = [
      { namespace: 1, key: 'secret', value: nvsString('s1') },
      { namespace: 1, key: 'name', value: nvsString('n1') },
    ];
    const items = [full('k1'), full('k2'), full('k3')].toSpliced(at, 0, ...identity);
    const namespaces = [
      { name: 'own', index: 1 },
      { name: 'app', index: 2 },
    ];
    const partition = buildNvsPartition({ format: 2, namespaces, items }, 0x4000);
    expect(read(partition).freePages.length).toBe(1);
    const update = planNvsUpdate(read(partition), 0x4000, 'own', CHANGES);
    expectSafe(partition, update);
    // The library needs a free page to work.
    expect(read(partition).freePages.length).toBeGreaterThan(0);
  }
});

test('a nearly full partition is changed safely, or refused before anything is written', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 3900 }), { minLength: 1, maxLength: 14 }),
      fc.nat(14),
      fc.integer({ min: 3, max: 6 }),
      (sizes, at, pages) => {
        const items = sizes.map((bytes, index) => ({
          namespace: 2,
          key: `k${index}`,
          value:
            index % 4 === 3
              ? ({ type: 'blob', bytes: new Uint8Array(bytes * 2).fill(index), firstPiece: 0 } as const)
              : nvsString('x'.repeat(bytes)),
        }));
        const identity = [
          { namespace: 1, key: 'secret', value: nvsString('s1') },
          { namespace: 1, key: 'name', value: nvsString('n1') },
        ];
        const namespaces = [
          { name: 'own', index: 1 },
          { name: 'app', index: 2 },
        ];
        const content = { format: 2, namespaces, items: items.toSpliced(at, 0, ...identity) } as const;
        let partition: Uint8Array;
        let update: NvsUpdate;
        try {
          partition = buildNvsPartition(content, pages * PAGE);
          update = planNvsUpdate(read(partition), pages * PAGE, 'own', CHANGES);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-input' });
          return;
        }
        expectSafe(partition, update, 1000);
      },
    ),
    { numRuns: 150 },
  );
});

test('a full partition is changed after a power cut in an earlier change', () => {
  const identity = [
    { namespace: 1, key: 'secret', value: nvsString('s1') },
    { namespace: 1, key: 'name', value: nvsString('n1') },
  ];
  const namespaces = [
    { name: 'own', index: 1 },
    { name: 'app', index: 2 },
  ];
  const items = [full('k1'), ...identity, full('k2'), full('k3')];
  const partition = buildNvsPartition({ format: 2, namespaces, items }, 0x4000);
  const { writes } = planNvsUpdate(read(partition), 0x4000, 'own', CHANGES);
  for (const { offset, page } of writes) {
    for (const cut of page === null ? [] : [64, 96, 128, 2000, 3800, PAGE - 64]) {
      const torn = Uint8Array.from(partition);
      torn.fill(0xff, offset, offset + PAGE).set(page?.subarray(0, cut) ?? [], offset);
      const again = planNvsUpdate(read(torn), 0x4000, 'own', CHANGES);
      expectSafe(torn, again, 500);
    }
    partition.fill(0xff, offset, offset + PAGE).set(page ?? [], offset);
    expectSafe(Uint8Array.from(partition), planNvsUpdate(read(partition), 0x4000, 'own', CHANGES), 500);
  }
});

test('no power cut leaves the old name with the new secret, wherever the old identity is', () => {
  const other = { namespace: 2, key: 'ssid', value: nvsString('factory') };
  const secret = { namespace: 1, key: 'secret', value: nvsString('s1') };
  const name = { namespace: 1, key: 'name', value: nvsString('n1') };
  const wide = { namespace: 2, key: 'wide', value: nvsString('x'.repeat(3900)) };
  for (const items of [
    [secret, name],
    [other, secret, name],
    [secret, other, name],
    [name, wide, secret, other],
    [secret, wide, name, other],
    [other],
    [secret],
    [],
  ]) {
    const namespaces = [
      { name: 'own', index: 1 },
      { name: 'app', index: 2 },
    ];
    const partition = buildNvsPartition({ format: 2, namespaces, items }, 0x6000);
    expectSafe(partition, planNvsUpdate(read(partition), 0x6000, 'own', CHANGES), 4);
  }
  const blank = new Uint8Array(0x6000).fill(0xff);
  expectSafe(blank, planNvsUpdate(read(blank), 0x6000, 'own', CHANGES), 4);
});

test('a partition that cannot be changed safely is refused', async () => {
  const blob = {
    namespace: 1,
    key: 'b',
    value: { type: 'blob', bytes: new Uint8Array(11_000), firstPiece: 0 },
  } as const;
  const partition = buildNvsPartition(contentOf([blob]), 0x4000);
  const refused = await faultOf(() => planNvsUpdate(read(partition), 0x4000, 'own', CHANGES));
  expect(refused.code).toBe('bad-input');
  expect(refused.message).toContain('too full to change it safely: 1 of its 4 pages');
});

test('values that do not fit are refused before anything is written', async () => {
  const items = [1, 2].map((n) => ({ namespace: 1, key: `k${n}`, value: nvsString('x'.repeat(3900)) }));
  const reading = read(buildNvsPartition(contentOf(items), 0x3000));
  expect(
    await faultOf(() => planNvsUpdate(reading, 0x3000, 'app', [change('k3', 'x'.repeat(200))])),
  ).toMatchObject({ code: 'bad-input' });
});

test('a key that has values of two types is left alone, and changed where that is wanted', async () => {
  const items: NvsContent['items'] = [
    { namespace: 1, key: 'mode', value: { type: 'u8', value: 3n } },
    { namespace: 1, key: 'mode', value: nvsString('three') },
  ];
  const reading = read(
    buildNvsPartition({ ...contentOf(items), namespaces: [{ name: 'own', index: 1 }] }, SIZE),
  );
  expect([...reading.mixedKeys]).toEqual(['1 mode']);
  const fault = await faultOf(async () => planNvsUpdate(reading, SIZE, 'own', [change('name', 'x')]));
  expect(fault).toMatchObject({ code: 'bad-input', message: expect.stringContaining('"mode"') });
  const { image } = planNvsUpdate(reading, SIZE, 'own', [change('mode', 'four')]);
  expect(textOf(read(image).content, 'mode')).toBe('four');
  expect([...read(image).mixedKeys]).toEqual([]);
});
