import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract, type RunColumn, type RunFilter, type StationContract } from '#shared/contract/index.ts';
import { type Client, connect, createInMemoryTransports, Session } from '#shared/rpc/index.ts';
import { writeFacts } from '../../../../station/results/figures/index.ts';
import { describedRecipe } from '../../../kit/recipes.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { scripted, type ScriptedUnit } from '../../../kit/units.ts';

const TIMEOUT = { timeoutMs: 60_000 };
const recipe = (min: number): string =>
  describedRecipe(
    `- { verb: request, name: volt, title: { zh-CN: 供电电压, en: Supply voltage }, text: 'V?', expect: '^V=(\\d+)$', withinMs: 5000, measure: [{ name: volt, group: 1, as: number, limits: { min: ${min} } }] }`,
  ).replace('- name: test\n', '- name: test\n    title: { zh-CN: 电压, en: Voltage }\n');

describe('runs of a station', () => {
  let setup: TestStation;
  let page: Client<StationContract>;
  /** Oldest first: a unit below the limit, the same unit again, another unit. */
  const ids: string[] = [];
  let volt = 3;
  const unit: ScriptedUnit = (_, send) => send(`V=${volt}\r\n`);

  beforeAll(async () => {
    setup = await startStation({
      units: scripted([unit, unit]),
      recipe: recipe(5),
    });
    for (const [slot, serialNumber, value] of [
      [1, 'SN-A1', 3],
      [1, 'SN-A1', 7],
      [2, 'SN-B2', 8],
    ] as const) {
      volt = value;
      ids.push((await setup.run(slot, serialNumber)).runId);
    }
    const [here, there] = createInMemoryTransports();
    setup.station.serve(there, new Session({ role: 'engineer', user: 'Chen' }));
    page = connect(contract, here);
  });
  afterAll(() => setup[Symbol.asyncDispose]());

  const found = async (filter: RunFilter): Promise<number[]> =>
    (await page.call('runs.search', { filter }, TIMEOUT)).runs.map(({ runId }) => ids.indexOf(runId));

  const CASES: readonly [string, RunFilter, number[]][] = [
    ['everything', {}, [2, 1, 0]],
    ['part of a serial number', { text: 'n-a' }, [1, 0]],
    ['a MAC with separators', { text: 'cc:dd:ee:02' }, [2]],
    ['a name that nothing has', { text: 'XYZ' }, []],
    ['outcomes', { outcomes: ['FAIL', 'ERROR'] }, [0]],
    ['running ones', { outcomes: ['running'] }, []],
    ['a failure', { failureCode: 'limit-exceeded', failurePhase: 'test', failureStep: 'volt', failureMeasurement: 'volt' }, [0]],
    ['another step', { failureStep: 'other' }, []],
    ['an operator and a slot', { operator: 'Li', slot: 1 }, [1, 0]],
    ['another operator', { operator: 'Wang' }, []],
    ['a time that is over', { toAtMs: 1 }, []],
    ['a time', { fromAtMs: 1, toAtMs: 9_999_999_999_999 }, [2, 1, 0]],
    ['this shift', { time: 'shift' }, [2, 1, 0]],
    ['a period and a time before it', { time: 'month', toAtMs: 1 }, []],
    ['an end', { endedFromAtMs: 1, endedToAtMs: 2 }, []],
    ['the first run of a unit', { first: 'any' }, [2, 0]],
    ['a first pass', { first: 'any', outcomes: ['PASS'] }, [2]],
    ['the first run of the unit in a slot', { firstRun: { of: 'any', slot: 1 } }, [1, 0]],
    ['the run whose values count', { counted: true, measured: { phase: 'test', step: 'volt', name: 'volt', at: null, toValue: 8 } }, [0]],
    ['a measured value', { measured: { phase: 'test', step: 'volt', name: 'volt', fromValue: 7, toValue: 8 } }, [1]],
  ]; // prettier-ignore
  const expectFound = async (filter: RunFilter, expected: readonly number[]): Promise<void> => {
    expect(await found(filter)).toEqual(expected);
    const { runs, more } = await page.call('runs.count', { filter }, TIMEOUT);
    expect({ runs, more }).toEqual({ runs: expected.length, more: false });
  };

  test.each(CASES)('are found by %s', (_, filter, expected) => expectFound(filter, expected));

  test('are paged in both directions, and have neighbours', async () => {
    const first = await page.call('runs.search', { limit: 2 }, TIMEOUT);
    expect([first.runs.length, first.newer]).toEqual([2, null]);
    const second = await page.call('runs.search', { limit: 2, cursor: first.older }, TIMEOUT);
    expect(second.runs.map(({ runId }) => runId)).toEqual([ids[0]]);
    expect(second.older).toBeNull();
    const back = await page.call(
      'runs.search',
      { limit: 2, cursor: second.newer, direction: 'newer' },
      TIMEOUT,
    );
    expect(back).toEqual(first);
    // The runs of a day: those before its end, with the way to newer ones.
    const { startedAtMs = 0 } = first.runs[0] ?? {};
    const day = await page.call('runs.search', { limit: 2, atMs: startedAtMs }, TIMEOUT);
    expect(day.runs.map(({ runId }) => runId)).toEqual([ids[1], ids[0]]);
    const before = await page.call('runs.search', { limit: 2, atMs: 1 }, TIMEOUT);
    expect(before).toEqual({ runs: [], older: null, newer: '0' });
    expect(
      await page.call('runs.search', { limit: 2, cursor: day.newer, direction: 'newer' }, TIMEOUT),
    ).toMatchObject({ runs: [{ runId: ids[2] }], newer: null });
    const around = await page.call('runs.neighbours', { runId: ids[1] ?? '' }, TIMEOUT);
    expect(around).toEqual({ older: ids[0], newer: ids[2] });
    await expect(page.call('runs.search', { cursor: 'x' }, TIMEOUT)).rejects.toMatchObject({
      code: 'bad-input',
    });
    // A cursor far beyond the newest run is that of all runs: the rows between are not looked through.
    const far = '9'.repeat(15);
    expect(await page.call('runs.search', { limit: 2, cursor: far }, TIMEOUT)).toEqual(first);
    expect(await page.call('runs.search', { cursor: far, direction: 'newer' }, TIMEOUT)).toMatchObject({
      runs: [],
      newer: null,
    });
    const none = { filter: { text: 'no such unit' }, cursor: far };
    expect((await page.call('runs.search', none, TIMEOUT)).runs).toEqual([]);
    expect(await page.call('runs.count', { max: 2 }, TIMEOUT)).toEqual({ runs: 2, more: true });
  });

  test('say what made them and what to choose from', async () => {
    const { origin, recipeTitles } = await page.call('runs.get', { runId: ids[0] ?? '' }, TIMEOUT);
    expect(origin).toMatchObject({ batchName: 'test', operator: 'Li', recorded: true });
    expect(recipeTitles).toEqual({
      test: { 'zh-CN': '电压', en: 'Voltage' },
      'test/volt': { 'zh-CN': '供电电压', en: 'Supply voltage' },
    });
    const choices = await page.call('runs.choices', {}, TIMEOUT);
    expect(choices).toMatchObject({ operators: ['Li'], slots: [1, 2], recipes: [{ name: 'peer' }] });
    expect(choices.failures).toEqual([
      { code: 'limit-exceeded', phase: 'test', step: 'volt', measurement: 'volt', runs: 1 },
    ]);
  });

  test('show their dialogue with the step of each message', async () => {
    const { entries, total, cutOff } = await page.call('runs.dialogue', { runId: ids[0] ?? '' }, TIMEOUT);
    expect([entries.length, cutOff]).toEqual([total, false]);
    const said = entries.filter(({ step, port }) => step === 'volt' && port === 'unit');
    expect(said.map(({ kind, text, hex, masked }) => ({ kind, text, hex, masked }))).toEqual([
      { kind: 'sent', text: 'V?\\r\\n', hex: '56 3F 0D 0A', masked: false },
      { kind: 'received', text: 'V=3\\r\\n', hex: '56 3D 33 0D 0A', masked: false },
    ]);
    expect(entries.find(({ kind }) => kind === 'measured')?.text).toMatch(/^volt = 3 .*FAIL$/);
    // The last entry is the outcome of the run, and of none of its steps.
    expect(entries.at(-1)).toMatchObject({ kind: 'outcome', phase: null, step: null });
    expect(entries.at(-1)?.text).toMatch(/^FAIL: /);
  });

  test('are replayed, and judged with another recipe', async () => {
    const runId = ids[0] ?? '';
    const { replays } = await page.call('runs.replay', { runId }, TIMEOUT);
    expect(replays).toMatchObject([{ recorded: 'FAIL', replayed: 'FAIL', same: true }]);
    const judged = await page.call('runs.judgeWith', { runId, recipe: { yaml: recipe(2) } }, TIMEOUT);
    expect(judged.replays).toMatchObject([{ recorded: 'FAIL', replayed: 'PASS', same: false }]);
    await expect(
      page.call('runs.judgeWith', { runId, recipe: { yaml: 'gongwei: recipe/1' } }, TIMEOUT),
    ).rejects.toMatchObject({ code: 'bad-input' });
  });

  test('are exported as they are shown: filter and columns', async () => {
    const filter: RunFilter = { outcomes: ['PASS'] };
    const columns: RunColumn[] = ['serialNumber', 'outcome', 'operator'];
    const { fileId, runs } = await page.call(
      'reports.exportRuns',
      { filter, columns, measurements: true, format: 'csv' },
      TIMEOUT,
    );
    expect(runs).toBe(2);
    const text = readFileSync(setup.station.reports.file(fileId)?.path ?? '', 'utf8');
    expect(text.replace('\uFEFF', '').trim().split(/\r?\n/)).toEqual([
      'serial number,outcome,unproven,operator,volt',
      'SN-B2,PASS,,Li,8',
      'SN-A1,PASS,,Li,7',
    ]);
  });

  test('are found by filters that people saved', async () => {
    const filter: RunFilter = { outcomes: ['FAIL'] };
    const save = { name: 'Failed', filter, columns: ['outcome', 'slot'] as const };
    await page.call('savedFilters.save', { ...save, columns: [...save.columns] }, TIMEOUT);
    await page.call('savedFilters.save', { ...save, columns: ['slot'] }, TIMEOUT);
    const { filters } = await page.call('savedFilters.list', {}, TIMEOUT);
    expect(filters).toMatchObject([{ name: 'Failed', by: 'Chen', filter, columns: ['slot'] }]);
    const [{ filterId } = { filterId: '' }] = filters;
    expect(await page.call('savedFilters.remove', { filterId }, TIMEOUT)).toEqual({ filters: [] });
    await expect(page.call('savedFilters.remove', { filterId }, TIMEOUT)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('are found, paged and offered the same when their facts are written', async () => {
    const before = await page.call('runs.choices', {}, TIMEOUT);
    writeFacts(setup.station.database);
    expect(setup.station.database.runFacts.getProgress()).toBe(ids.length);
    for (const [, filter, expected] of CASES) await expectFound(filter, expected);
    expect(await page.call('runs.choices', {}, TIMEOUT)).toEqual(before);
    const first = await page.call('runs.search', { limit: 2 }, TIMEOUT);
    const second = await page.call('runs.search', { limit: 2, cursor: first.older }, TIMEOUT);
    expect(second.runs.map(({ runId }) => runId)).toEqual([ids[0]]);
    const { newer: cursor } = second;
    expect(await page.call('runs.search', { limit: 2, cursor, direction: 'newer' }, TIMEOUT)).toEqual(first);
  });
});
