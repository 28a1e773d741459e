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

test('a change keeps all other values; at each power cut every value is old or new', () => {
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
        expect(['old', 'new']).toContain(textOf(now, 'name'));
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

test('a partition whose pages are all in use is written over', () => {
  const items = [1, 2, 3].map((n) => ({ namespace: 1, key: `k${n}`, value: nvsString('x'.repeat(3800)) }));
  const partition = buildNvsPartition(contentOf(items), 0x4000);
  const update = planNvsUpdate(read(partition), 0x4000, 'app', [change('k1', 'new')]);
  perform(partition, update, () => undefined);
  const { content } = read(partition);
  expect(content.items.map(({ key, value }) => [key, nvsText(value)?.length])).toEqual([
    ['k2', 3800],
    ['k3', 3800],
    ['k1', 3],
  ]);
});

test('values that do not fit are refused before anything is written', async () => {
  const items = [1, 2].map((n) => ({ namespace: 1, key: `k${n}`, value: nvsString('x'.repeat(3900)) }));
  const reading = read(buildNvsPartition(contentOf(items), 0x3000));
  expect(
    await faultOf(() => planNvsUpdate(reading, 0x3000, 'app', [change('k3', 'x'.repeat(200))])),
  ).toMatchObject({ code: 'bad-input' });
});
