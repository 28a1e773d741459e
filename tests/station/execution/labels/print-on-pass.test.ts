import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabelPrintRow } from '../../../../station/core/database/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { until } from '../../../support/until.ts';
import { type PrintingLine, startPrintingLine } from './printing-line.ts';

const facts = ({ state, copy, slot, confirmedBy, fault, reason }: LabelPrintRow) => ({
  state,
  copy,
  slot,
  confirmedBy,
  code: fault?.code ?? null,
  reason,
});
const PRINTED = { state: 'printed', slot: null, confirmedBy: 'printer', code: null, reason: 'pass' };

describe.each(['zpl', 'tspl'] as const)('two labels of a unit that passed, in %s,', (language) => {
  it('come out of the printer with the identity that the unit holds', async () => {
    await using line = await startPrintingLine({ language, label: 'print: on-pass, copies: 2' });
    const { setup } = line;
    const result = await setup.run(1);
    expect(result.outcome).toBe('PASS');
    await line.settled(1);
    const rows = setup.station.database.labelPrints.listOfRun(result.runId);
    expect(rows.map(facts)).toEqual([
      { ...PRINTED, copy: 1 },
      { ...PRINTED, copy: 2 },
    ]);
    const codes = line.printedCodes();
    expect(codes).toHaveLength(2);
    for (const code of codes) expect(code).toBe(rows[0]?.payload);
    expect(JSON.parse(codes[0] ?? '')).toMatchObject({ dn: result.deviceName, sn: result.serialNumber });
  });
});

/** Each case has units of its own at the one station. */
describe('the label of a unit that passed', () => {
  let line: PrintingLine;
  beforeAll(async () => void (line = await startPrintingLine({ units: 7 })));
  afterAll(() => line[Symbol.asyncDispose]());

  it('that cannot be printed keeps the unit on its slot, and no other slot waits', async () => {
    await line.renew([{ fault: 'paper-out' }]);
    const { setup } = line;
    const { slots, database } = setup.station;
    const result = await setup.run(1);
    expect(result.outcome).toBe('PASS');
    const question = await line.asked(1);
    expect(question).toMatchObject({ ask: expect.stringContaining('no paper'), choices: ['retry', 'later'] });
    expect(database.labelPrints.listOfRun(result.runId).map(facts)).toEqual([
      { ...PRINTED, state: 'failed', copy: 1, slot: 1, confirmedBy: null, code: 'printer-not-ready' },
    ]);
    expect(slots.isFree(1)).toBe(false);
    expect(slots.acknowledge(1)).toEqual([]);
    expect((await faultOf(() => setup.run(1))).code).toBe('serial-passed');
    const request = { batchId: setup.batchId, serialNumber: 'SN000099', operator: 'Li', slot: 1 };
    expect((await faultOf(() => setup.station.startUnit(request))).code).toBe('label-pending');
    // The other slot goes on, with paper.
    await line.printer.setFaults([]);
    expect((await setup.run(2)).outcome).toBe('PASS');
    await line.settled(2);
    // So does the first one, without an answer.
    await line.settled(1);
    expect(database.labelPrints.listOfRun(result.runId).map(facts)).toEqual([
      { ...PRINTED, copy: 1, code: 'printer-not-ready' },
    ]);
    expect(new Set(line.printedCodes()).size).toBe(2);
    expect(slots.isFree(1)).toBe(true);
    expect(database.runs.findById(result.runId)?.outcome).toBe('PASS');
  });

  it('waits for a printer that is offline over a restart of the station', async () => {
    await line.renew([{ fault: 'offline' }]);
    const { setup } = line;
    const { runId } = await setup.run(3);
    expect((await line.asked(3)).ask).toContain('cannot be reached');
    await setup.restart();
    expect(setup.station.slots.state.slots[2]).toMatchObject({
      state: 'finished',
      run: { runId, outcome: 'PASS', serialNumber: 'SN000003' },
      label: { left: 1 },
    });
    expect((await line.asked(3)).ask).toContain('cannot be reached');
    await line.printer.setFaults([]);
    await line.settled(3);
    expect(line.printedCodes()).toHaveLength(1);
  });

  it('is tried again at the answer of a person, too', async () => {
    await line.renew([{ fault: 'paper-out' }]);
    const { setup } = line;
    const { runId } = await setup.run(4);
    await line.answer(4, 'retry');
    expect((await line.asked(4)).ask).toContain('no paper');
    await line.answer(4, 'later');
    await line.settled(4);
    expect(setup.station.database.labelPrints.listOfRun(runId).map(facts)).toMatchObject([
      { state: 'failed', slot: null },
    ]);
    expect(line.printedCodes()).toEqual([]);
  });

  it('whose fate is not known is never printed again by the station', async () => {
    await line.renew([{ fault: 'close', afterBytes: 60, times: 1 }]);
    const { setup } = line;
    const { runId } = await setup.run(5);
    expect(await line.asked(5)).toMatchObject({
      ask: expect.stringContaining('not known'),
      choices: ['out', 'again', 'later'],
    });
    await setup.restart();
    expect((await line.asked(5)).ask).toContain('not known');
    expect(line.printedCodes()).toEqual([]);
    await line.answer(5, 'again');
    await line.settled(5);
    expect(setup.station.database.labelPrints.listOfRun(runId).map(facts)).toEqual([
      { ...PRINTED, copy: 1, code: 'printer-lost' },
    ]);
    expect(line.printedCodes()).toHaveLength(1);
  });

  /** Runs the unit of a slot whose label the printer takes and does not print. */
  async function runHeld(slot: number): Promise<string> {
    await line.renew([{ fault: 'slow', labelMs: 400, answerMs: 0 }]);
    const { setup } = line;
    const running = setup.run(slot);
    await until(
      () => setup.station.database.labelPrints.list(1)[0]?.state === 'sending',
      'the label to be sent',
    );
    await line.printer.setFaults([{ fault: 'ribbon-out' }]);
    const { runId } = await running;
    expect((await line.asked(slot)).ask).toContain('no ribbon');
    expect(setup.station.database.labelPrints.listOfRun(runId).map(facts)).toMatchObject([{ state: 'held' }]);
    return runId;
  }

  it('is settled by the printer that held it, without a person', async () => {
    const { setup } = line;
    const runId = await runHeld(6);
    await line.printer.setFaults([]);
    await line.settled(6);
    expect(setup.station.database.labelPrints.listOfRun(runId).map(facts)).toMatchObject([
      { state: 'printed', confirmedBy: 'printer' },
    ]);
    expect(line.printedCodes()).toHaveLength(1);
  });

  it('is in doubt when the printer that held it may have lost it', async () => {
    const { setup } = line;
    const runId = await runHeld(7);
    await line.cyclePower(() => setup.restart());
    await until(
      () => setup.station.database.labelPrints.listOfRun(runId)[0]?.state === 'unconfirmed',
      'the printer to be asked',
    );
    expect((await line.asked(7)).ask).toContain('not known');
    expect(line.printedCodes()).toEqual([]);
    await line.answer(7, 'again');
    await line.settled(7);
    expect(setup.station.database.labelPrints.listOfRun(runId).map(facts)).toMatchObject([
      { state: 'printed', confirmedBy: 'printer' },
    ]);
    expect(line.printedCodes()).toHaveLength(1);
  });

  it('is printed when the operator wants it, or left for later', async () => {
    await using asking = await startPrintingLine({ label: 'print: ask' });
    const { setup } = asking;
    const { runId } = await setup.run(1);
    expect(await asking.asked(1)).toMatchObject({ choices: ['print', 'skip'] });
    expect(asking.printedCodes()).toEqual([]);
    setup.station.scans.scan('#GW#CHOICE,print#', null, 'Li');
    await asking.settled(1);
    expect(setup.station.database.labelPrints.listOfRun(runId).map(facts)).toEqual([{ ...PRINTED, copy: 1 }]);
    expect(asking.printedCodes()).toHaveLength(1);
  });
});
