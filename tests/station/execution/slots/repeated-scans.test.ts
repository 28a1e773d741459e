import { afterEach, describe, expect, it } from 'vitest';
import type { SlotView } from '#shared/contract/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import type { TestStation } from '../../../kit/station.ts';
import type { ScriptedUnits } from '../../../kit/units.ts';
import { ASK, type AskingStation, LIGHT, startAsking } from './asking-station.ts';

let setup: TestStation<ScriptedUnits> | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

async function open(...args: Parameters<typeof startAsking>): Promise<AskingStation> {
  const started = await startAsking(...args);
  ({ setup } = started);
  return started;
}

describe('a repeated scan', () => {
  const TEXT = `- { verb: prompt, kind: text, name: board, ${ASK}, answerMs: 60000 }`;
  const stands = async (view: (slot: number) => SlotView, slot: number, kind: string): Promise<void> => {
    await expect.poll(() => view(slot).run?.prompt?.kind ?? null, { interval: 5 }).toBe(kind);
  };

  it('is no answer of the unit that the first read started, until the scanner was off the label', async () => {
    const { view, scan } = await open(`${TEXT}\n${LIGHT}`, 2);
    expect(await scan('SN5')).toMatchObject({ kind: 'started', slot: 1 });
    await stands(view, 1, 'text');
    for (const restMs of [400, 2_900, 2_900]) {
      const fault = await faultOf(() => scan('SN5', restMs));
      expect(fault).toMatchObject({ code: 'scan-repeated', details: { slot: 1, seconds: 3 } });
    }
    expect(view(1).run?.prompt?.kind).toBe('text');
    expect(await scan('BOARD-7', 900)).toEqual({ kind: 'answered', slot: 1 });
    await stands(view, 1, 'pass-fail');
    expect(setup?.station.database.runs.listMeasurements(view(1).run?.runId ?? '')).toMatchObject([
      { name: 'board', value: 'BOARD-7' },
    ]);
  });

  it('is no label that was stuck on; the label itself is, when it comes after the question', async () => {
    const { view, scan } = await open(`- { verb: scan-label, equals: '{serialNumber}', answerMs: 60000 }`, 1);
    await scan(']C0SN6');
    await stands(view, 1, 'scan');
    for (const again of ['SN6', ']C0SN6', 'ＳＮ６', '{"v":1,"pid":"P","dn":"d","sn":"SN6"}'])
      expect((await faultOf(() => scan(again, 500))).code).toBe('scan-repeated');
    expect(view(1).run?.prompt?.kind).toBe('scan');
    expect(await scan(']Q1SN6', 3_100)).toEqual({ kind: 'answered', slot: 1 });
    await expect.poll(() => view(1).run?.outcome).toBe('PASS');
  });

  it('is no answer on another slot, nor is what came out of the scanner together with it', async () => {
    const { view, asking, scan } = await open(`${LIGHT}\n${TEXT}`, 3);
    await asking(1);
    expect(await scan('SN7')).toMatchObject({ kind: 'started', slot: 2 });
    // The question that was asked first is answered first: slot 2 has asked before slot 3 starts.
    await stands(view, 2, 'pass-fail');
    for (const beside of ['#GW#PASS#', 'MAC-1'])
      expect((await faultOf(() => scan(beside, 100))).code).toMatch(/answer-too-soon|serial-malformed/);
    expect(await scan('SN8', 100)).toMatchObject({ kind: 'started', slot: 3 });
    expect(view(1).run?.prompt?.kind).toBe('pass-fail');
    expect(await scan('#GW#PASS#', 2_000)).toEqual({ kind: 'answered', slot: 1 });
    // The second read of the code is not the next slot's answer.
    expect((await faultOf(() => scan('#GW#PASS#', 700))).code).toBe('scan-repeated');
    expect(view(2).run?.prompt?.kind).toBe('pass-fail');
    expect(await scan('#GW#FAIL#', 700)).toEqual({ kind: 'answered', slot: 2 });
  });

  it('does not answer the next question, also from a host without key times', async () => {
    const lot = TEXT.replace('name: board', 'name: lot');
    const { client, view, asking, rest } = await open(`${TEXT}\n${lot}\n${LIGHT}`, 1);
    await asking(1);
    const give = (answer: string) => {
      const promptId = view(1).run?.prompt?.promptId ?? '';
      return client.call('slots.answer', { slot: 1, promptId, answer });
    };
    await give('LOT-7');
    await expect.poll(() => view(1).run?.prompt?.step).toBe('lot');
    expect((await faultOf(() => give(']C0LOT-7'))).code).toBe('scan-repeated');
    rest(1_600);
    await give('LOT-7');
    await stands(view, 1, 'pass-fail');
  });

  it('acknowledges one result, and a unit that failed may come again at once when it was acknowledged', async () => {
    const { client, view, scan } = await open(
      "- { verb: measure, value: '9', measure: [{ name: v, as: number, limits: { max: 4 } }] }",
      2,
    );
    await scan('SN1');
    await scan('SN2');
    for (const slot of [1, 2]) await expect.poll(() => view(slot).run?.outcome).toBe('FAIL');
    expect(await scan('#GW#ACK#')).toMatchObject({ kind: 'acknowledged' });
    expect((await faultOf(() => scan('#GW#ACK#', 600))).code).toBe('scan-repeated');
    expect([view(1), view(2)].filter(({ acknowledged }) => !acknowledged)).toHaveLength(1);
    await client.call('slots.acknowledge', { slot: null });
    expect(await scan('SN3')).toMatchObject({ kind: 'started', slot: 1 });
    await expect.poll(() => view(1).run?.outcome).toBe('FAIL');
    expect((await faultOf(() => scan('SN3', 600))).code).toBe('scan-repeated');
    await client.call('slots.acknowledge', { slot: 1 });
    expect(await scan('SN3', 600)).toMatchObject({ kind: 'started', slot: 1 });
  });

  it('is detected by its key times, also when the line arrives late', async () => {
    const { client, view, scan, rest } = await open(LIGHT, 2);
    await scan('SN1');
    await stands(view, 1, 'pass-fail');
    const promptId = view(1).run?.prompt?.promptId ?? '';
    const answer = (msAgo: number) =>
      client.call('slots.answer', {
        slot: 1,
        promptId,
        answer: 'pass',
        pressed: { firstMsAgo: msAgo, lastMsAgo: msAgo, ended: true },
      });
    expect((await faultOf(() => answer(0))).code).toBe('answer-too-soon');
    rest(5_000);
    expect((await faultOf(() => answer(4_850))).code).toBe('answer-too-soon');
    expect(await answer(0)).toEqual({});
  });
});

it('is not answered by the label of its run, which the page has read again and thrown away', async () => {
  const { view, asking, client, scan, rest } = await open(
    `- { verb: prompt, kind: text, name: board, ${ASK}, answerMs: 60000 }`,
    1,
  );
  await scan('SN1');
  await asking(1);
  rest(1_500);
  const pressed = { firstMsAgo: 20, lastMsAgo: 0, ended: false };
  expect(await client.call('slots.reportUnusedScan', { text: 'SN1SN1', pressed })).toEqual({});
  expect((await faultOf(() => scan('SN1', 2_000))).code).toBe('scan-repeated');
  expect(view(1).run?.prompt).not.toBeNull();
  expect(await scan('SN1', 3_100)).toMatchObject({ kind: 'answered', slot: 1 });
});

it('is not answered by the label of its run that a station which stood still hears of late', async () => {
  const { view, asking, scan, rest, late } = await open(
    `- { verb: prompt, kind: text, name: board, ${ASK}, answerMs: 60000 }`,
    1,
  );
  await scan('SN1');
  await asking(1);
  rest(4_500);
  // Read 1 s and 3.5 s after the start; the second of them was under way for a second only.
  expect(await late('SN1', 3_500)).toBe('scan-repeated');
  expect(await late('SN1', 1_000)).toBe('scan-repeated');
  expect(view(1).run?.prompt).not.toBeNull();
  rest(3_500);
  expect(await late('SN1', 100)).toMatchObject({ kind: 'answered', slot: 1 });
});

it('is not answered by the label of its run on a page that has just been opened', async () => {
  const { view, asking, client, scan, rest } = await open(
    `- { verb: prompt, kind: text, name: board, ${ASK}, answerMs: 60000 }`,
    1,
  );
  await scan('SN1');
  await asking(1);
  rest(60_000);
  const read = (text: string, listeningMs: number) =>
    client.call('slots.scan', {
      text,
      pressed: { firstMsAgo: 20, lastMsAgo: 0, ended: true, listeningMs },
    });
  // It lies there, and is read each two seconds.
  for (const listeningMs of [900, 2_900, 4_900, 6_900]) {
    expect((await faultOf(() => read('SN1', listeningMs))).code).toBe('scan-repeated');
    rest(2_000);
  }
  expect(view(1).run?.prompt).not.toBeNull();
  rest(1_100);
  expect(await read('SN1', 10_000)).toMatchObject({ kind: 'answered', slot: 1 });
});

it('is answered at once by another label on a page that has just been opened', async () => {
  const { asking, client, scan, rest } = await open(
    `- { verb: prompt, kind: text, name: board, ${ASK}, answerMs: 60000 }`,
    1,
  );
  await scan('SN1');
  await asking(1);
  rest(1_000);
  const pressed = { firstMsAgo: 20, lastMsAgo: 0, ended: true, listeningMs: 500 };
  expect(await client.call('slots.scan', { text: 'PCB-7', pressed })).toMatchObject({ kind: 'answered' });
});
