import { describe, expect, it } from 'vitest';
import { PROMPT_SEEN_MS } from '#shared/domain/scan/index.ts';
import { parseRecipe, STATION_ITSELF } from '#station';
import { Session } from '#shared/rpc/index.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { until } from '../../../support/until.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { soon } from '../../../support/patience.ts';
import { startPrintingLine } from './printing-line.ts';

const RECIPE = moduleRecipe({
  steps: '  - name: label\n    steps: [{ verb: label, print: on-pass }]\n',
});
const SUPPORT = { user: 'Wang', role: 'support' } as const;

describe('the scan of a printed label', () => {
  it('finds a label of another unit, one that exists twice, and one that is none', async () => {
    await using line = await startPrintingLine({ units: 2, label: 'print: on-pass, scan: true' });
    const { setup } = line;
    const [first, second] = [await setup.run(1), await setup.run(2)];
    const labelOf = (runId: string): string =>
      setup.station.database.labelPrints.listOfRun(runId)[0]?.payload ?? '';
    expect((await line.asked(1)).ask).toContain('SN000001');
    // The labels of the two slots were swapped.
    await line.answer(1, labelOf(second.runId));
    expect((await line.asked(1)).ask).toContain('the label of SN000002: two labels may be swapped');
    await line.answer(1, 'some other code');
    expect((await line.asked(1)).ask).toContain('no label of this unit');
    await line.answer(1, labelOf(first.runId));
    await line.settled(1);
    // The printer gave the first label twice, and the second one is on the other unit.
    await line.answer(2, labelOf(first.runId));
    expect((await line.asked(2)).ask).toContain('it was printed twice');
    await line.answer(2, labelOf(second.runId));
    await line.settled(2);
    const rows = [first, second].flatMap(({ runId }) => setup.station.database.labelPrints.listOfRun(runId));
    expect(rows.map(({ state, scannedAtMs, slot }) => [state, scannedAtMs !== null, slot])).toEqual([
      ['printed', true, null],
      ['printed', true, null],
    ]);
  });

  it('is the answer to its question although another slot is free, also by the serial number alone', async () => {
    await using line = await startPrintingLine({ units: 2, label: 'print: on-pass, scan: true' });
    const { setup } = line;
    setup.station.batches.select(setup.batchId);
    const scan = async (slot: number, text: string) => {
      await line.next(slot);
      // The label is stuck on before it is scanned: a scan at the moment of the question is that of the label before.
      const sinceMs = performance.now();
      await until(() => performance.now() - sinceMs > PROMPT_SEEN_MS, 'the time of a hand');
      return setup.station.scans.scan(text, null, 'Li');
    };
    const first = await setup.run(1);
    const payload = setup.station.database.labelPrints.listOfRun(first.runId)[0]?.payload ?? '';
    expect(await scan(1, payload)).toEqual({ kind: 'answered', slot: 1 });
    await line.settled(1);
    const second = await setup.run(2);
    expect(await scan(2, ']C0SN000002')).toEqual({ kind: 'answered', slot: 2 });
    await line.settled(2);
    for (const { runId } of [first, second])
      expect(setup.station.database.labelPrints.listOfRun(runId)[0]?.scannedAtMs).not.toBeNull();
  });

  it('finds the label of a former identity, and says since when and why it is void', async () => {
    await using line = await startPrintingLine({ label: 'print: on-pass, scan: true' });
    const { setup } = line;
    const before = await setup.run(1);
    const old = setup.station.database.labelPrints.listOfRun(before.runId)[0];
    await line.answer(1, old?.payload ?? '');
    await line.settled(1);
    await setup.station.returns.act(
      { slot: 1, action: 'reissue', reason: 'board was exchanged', approver: 'Chen' },
      SUPPORT,
      soon(),
    );
    expect(setup.station.database.labelPrints.findById(old?.printId ?? '')).toMatchObject({
      state: 'printed',
      voidBy: 'station',
      voidReason: 'identity-retired',
    });
    const after = await setup.run(1);
    expect(after.deviceName).not.toBe(before.deviceName);
    await line.answer(1, old?.payload ?? '');
    const { ask } = await line.asked(1);
    expect(ask).toMatch(
      /old label \(.*\), void since \d{4}-\d\d-\d\d \d\d:\d\d because: board was exchanged/,
    );
    await line.answer(1, setup.station.database.labelPrints.listOfRun(after.runId)[0]?.payload ?? '');
    await line.settled(1);

    // The returns desk and the scan that would start the unit say the same.
    const found = await setup.station.returns.find(old?.payload ?? '', soon());
    expect(found).toMatchObject({
      serialNumber: 'SN000001',
      oldLabel: { deviceName: before.deviceName, because: 'board was exchanged' },
    });
    setup.station.batches.select(setup.batchId);
    const fault = await faultOf(() => setup.station.scans.scan(old?.payload ?? '', null, 'Li'));
    expect(fault).toMatchObject({
      code: 'label-old',
      details: { deviceName: before.deviceName, because: 'board was exchanged' },
    });
  });

  it('starts a unit by its old label, and says that it is one', async () => {
    await using line = await startPrintingLine();
    const { setup } = line;
    const before = await setup.run(1);
    await line.settled(1);
    const payload = setup.station.database.labelPrints.listOfRun(before.runId)[0]?.payload ?? '';
    const request = { slot: 1, action: 'reissue', reason: 'wrong batch', approver: 'Chen' } as const;
    await setup.station.returns.act(request, SUPPORT, soon());
    setup.station.batches.select(setup.batchId);
    expect(setup.station.scans.scan(payload, null, 'Li')).toMatchObject({
      kind: 'started',
      slot: 1,
      oldLabel: { deviceName: before.deviceName, because: 'wrong batch' },
    });
    await line.settled(1);
  });
});

describe('a label that is printed again', () => {
  it('has a reason and a number, and the audit trail has both; void is void', async () => {
    await using line = await startPrintingLine();
    const { setup } = line;
    const { runId } = await setup.run(1);
    await line.settled(1);
    const { prints, database } = setup.station;
    const signal = soon();
    for (const { printId } of prints.reprint(runId, { why: 'scratched', copies: 2 }, SUPPORT))
      await prints.print(printId, signal);
    const rows = database.labelPrints.listOfRun(runId);
    expect(rows.map(({ reason, why, copy, state }) => [reason, why, copy, state])).toEqual([
      ['pass', '', 1, 'printed'],
      ['reprint', 'scratched', 2, 'printed'],
      ['reprint', 'scratched', 3, 'printed'],
    ]);
    expect(new Set(line.printedCodes()).size).toBe(1);
    prints.voidLabel(rows[0]?.printId ?? '', 'lost in the hall', SUPPORT);
    expect(() => prints.voidLabel(rows[0]?.printId ?? '', 'again', SUPPORT)).toThrow('void already');
    const trail = [...database.audit.iterate()].filter(({ action }) => action.startsWith('label.'));
    expect(trail.map(({ action }) => action).toSorted()).toEqual(['label.reprint', 'label.void']);
    expect(() => prints.skip(rows[1]?.printId ?? '', 'why not', STATION_ITSELF)).toThrow('printed');
  });

  it('is listed for its unit with the labels of the other batches of the unit', async () => {
    await using line = await startPrintingLine();
    const { setup } = line;
    const first = await setup.run(1);
    await line.settled(1);
    const { station } = setup;
    const { batchId } = station.batches.create(
      { recipe: parseRecipe(RECIPE, 'r'), quantity: 1 },
      STATION_ITSELF,
    );
    const request = { batchId, serialNumber: first.serialNumber, operator: 'Li', slot: 1 };
    setup.station.slots.acknowledge(1);
    const { runId } = await station.startUnit(request).finished;
    await line.settled(1);
    const context = { by: SUPPORT, session: new Session(SUPPORT), lateMs: 0, signal: soon() };
    const copies = async (ofIdentity: boolean): Promise<number[]> => {
      const { prints } = await station.handlers['labels.list']({ runId, ofIdentity }, context);
      return prints.map(({ copy }) => copy);
    };
    expect(await copies(false)).toEqual([2]);
    expect(await copies(true)).toEqual([1, 2]);
  });
});
