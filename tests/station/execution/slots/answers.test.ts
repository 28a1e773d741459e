import { afterEach, describe, expect, it } from 'vitest';
import { faultOf } from '../../../support/fault-of.ts';
import { soon } from '../../../support/patience.ts';
import type { TestStation } from '../../../kit/station.ts';
import type { ScriptedUnits } from '../../../kit/units.ts';
import { ASK, type AskingStation, LIGHT, startAsking } from './asking-station.ts';

const PNG = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=',
    'base64',
  ),
);

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

it('is asked for with what the unit and the run have in its place', async () => {
  const steps = `- { verb: prompt, kind: text, name: lot, ${ASK}, capture: lot }
- { verb: prompt, kind: confirm, name: same, ask: { zh-CN: '是 \${lot} 吗？', en: 'Is {serialNumber} of \${lot}?' } }`;
  const { view, asking, client } = await open(steps, 1);
  await asking(1);
  const { promptId = '' } = view(1).run?.prompt ?? {};
  await client.call('slots.answer', { slot: 1, promptId, answer: 'L7' });
  await expect
    .poll(() => view(1).run?.prompt?.ask, { interval: 5 })
    .toEqual({ 'zh-CN': '是 L7 吗？', en: 'Is SN1 of L7?' });
});

describe('an answer by a code of the card', () => {
  it('is for the slot that waited longest, or for the selected one', async () => {
    const { client, view, asking, scan } = await open(LIGHT, 3);
    await asking(1, 2, 3);
    expect(await scan('#GW#SLOT,2#')).toEqual({ kind: 'selected', slot: 2 });
    expect(await scan('#GW#FAIL#')).toEqual({ kind: 'answered', slot: 2 });
    expect(await scan('#gw#pass#')).toEqual({ kind: 'answered', slot: 1 });
    expect(await scan('#GW#PASS#')).toEqual({ kind: 'answered', slot: 3 });
    for (const [slot, outcome] of [
      [1, 'PASS'],
      [2, 'FAIL'],
      [3, 'PASS'],
    ] as const) {
      await expect.poll(() => view(slot).run?.outcome).toBe(outcome);
    }
    expect((await faultOf(() => scan('#GW#PASS#'))).code).toBe('prompt-none');
    await client.call('slots.acknowledge', { slot: null });
  });

  it('leaves questions of another kind alone, and names a choice whatever its case', async () => {
    const { view, asking, scan } = await open(
      `- { verb: prompt, kind: confirm, name: press, ${ASK} }
- { verb: prompt, kind: choice, name: colour, ${ASK}, pass: [red], choices: [{ value: red, title: { zh-CN: 红, en: Red } }, { value: blue, title: { zh-CN: 蓝, en: Blue } }] }`,
      1,
    );
    await asking(1);
    for (const code of ['#GW#PASS#', '#GW#CHOICE,red#'])
      expect((await faultOf(() => scan(code))).code).toBe('prompt-none');
    expect(await scan('#GW#START#')).toEqual({ kind: 'answered', slot: 1 });
    await expect.poll(() => view(1).run?.prompt?.kind).toBe('choice');
    expect((await faultOf(() => scan('#GW#CHOICE,green#'))).code).toBe('prompt-none');
    expect(await scan('#GW#CHOICE,RED#')).toEqual({ kind: 'answered', slot: 1 });
    await expect.poll(() => view(1).run?.outcome).toBe('PASS');
  });
});

describe('a scanned text', () => {
  const LABEL = `- { verb: scan-label, equals: '{serialNumber}', answerMs: 60000 }`;

  it('starts the next unit while a slot is free, and is the answer when it can be no next unit', async () => {
    const { view, asking, scan } = await open(LABEL, 2);
    await asking(1);
    expect(await scan('SN77')).toMatchObject({ kind: 'started', slot: 2 });
    // What is on a slot already is no next unit: it is the label of the unit that asks.
    expect(await scan('SN1')).toEqual({ kind: 'answered', slot: 1 });
    await expect.poll(() => view(1).run?.outcome).toBe('PASS');
  });

  it('is for the selected slot without a doubt, and is shown when it is the wrong one', async () => {
    const { view, asking, scan } = await open(LABEL, 2);
    await asking(1);
    await scan('#GW#SLOT,1#');
    expect(await scan('SN99')).toEqual({ kind: 'answered', slot: 1 });
    await expect.poll(() => view(1).run?.outcome).toBe('FAIL');
    expect(view(1).run?.failure).toMatchObject({ code: 'limit-exceeded', details: { value: 'SN99' } });
    // It was selected to be answered; the next unit goes where there is room.
    expect(await scan('SN100')).toMatchObject({ kind: 'started', slot: 2 });
  });

  it('that is no number is refused by a question for one, which goes on standing', async () => {
    const { view, asking, scan } = await open(
      `- { verb: prompt, kind: number, name: weight, ${ASK}, unit: g }`,
      1,
    );
    await asking(1);
    expect((await faultOf(() => scan('heavy'))).code).toBe('bad-input');
    expect(view(1).run?.prompt?.unit).toBe('g');
    expect(await scan('12,5')).toEqual({ kind: 'answered', slot: 1 });
    await expect.poll(() => view(1).run?.outcome).toBe('PASS');
  });
});

describe('a line without an end', () => {
  it('is taken when it is a whole number of the recipe, and else says what to set on the scanner', async () => {
    const { client } = await open(LIGHT, 2);
    const pressed = { firstMsAgo: 800, lastMsAgo: 700, ended: false };
    const scan = (text: string) => client.call('slots.scan', { text, pressed });
    for (const half of ['S', 'SN', 'BOX-1', '#GW#PA'])
      expect((await faultOf(() => scan(half))).code).toBe('scan-unended');
    expect(await scan(']C1SN12')).toMatchObject({ kind: 'started', slot: 1 });
    expect(await scan('#GW#SLOT,2#')).toMatchObject({ kind: 'selected' });
  });
});

describe('a label of this station', () => {
  it('starts its unit by the number on it, and is refused without one', async () => {
    const { view, scan } = await open(LIGHT, 1);
    expect((await faultOf(() => scan('{"v":1,"pid":"P","dn":"d"}'))).code).toBe('serial-malformed');
    await scan('{"v":1,"pid":"P","dn":"d","sn":"SN31","mac":"A2B7F218E0B4"}');
    expect(view(1).run?.serialNumber).toBe('SN31');
  });

  it('names its unit at the returns desk, as every other way to give its number does', async () => {
    const { scan, view } = await open(LIGHT, 1);
    await scan('SN41');
    await expect.poll(() => view(1).run?.chipId).toBe('AABBCCDDEE01');
    const find = (text: string) => setup?.station.returns.find(text, soon());
    const label = (sn: string): string => `{"v":1,"pid":"P","dn":"d"${sn},"mac":"AABBCCDDEE01"}`;
    for (const text of [
      ']Q3SN41',
      'ＳＮ４１',
      '\ufeffSN41\u00a0',
      '(21)SN41',
      label(',"sn":"SN41"'),
      label(''),
    ])
      expect(await find(text), text).toMatchObject({ chipId: 'AABBCCDDEE01' });
    expect((await faultOf(() => find('SN42') ?? Promise.resolve())).code).toBe('not-found');
  });

  it('answers a question that asks for a number of its pattern', async () => {
    const { view, asking, scan } = await open(
      `- { verb: prompt, kind: text, name: board, pattern: '^B\\d{4}$', ${ASK} }`,
      1,
    );
    await asking(1);
    await scan('{"v":1,"pid":"P","dn":"d","sn":"B0042"}');
    await expect.poll(() => view(1).run?.outcome).toBe('PASS');
    const [found] = setup?.station.database.runs.listMeasurements(view(1).run?.runId ?? '') ?? [];
    expect(found).toMatchObject({ name: 'board', value: 'B0042' });
  });
});

it('shows the pictures of a recipe to everybody, and nothing else that lies beside it', async () => {
  const { client, view, asking } = await open(
    `- { verb: prompt, kind: confirm, name: press, ${ASK}, image: button.png }
- { verb: prompt, kind: confirm, name: again, ${ASK}, image: notes.png }`,
    1,
    { 'button.png': PNG, 'notes.png': '<svg onload="alert(1)"/>' },
  );
  await asking(1);
  const batchId = setup?.batchId ?? '';
  const name = view(1).run?.prompt?.image ?? '';
  const { mediaType, base64 } = await client.call('recipes.picture', { batchId, name });
  expect(mediaType).toBe('image/png');
  expect(Uint8Array.from(Buffer.from(base64, 'base64'))).toEqual(PNG);
  const ask = (file: string) => faultOf(() => client.call('recipes.picture', { batchId, name: file }));
  expect((await ask('notes.png')).code).toBe('bad-input');
  expect((await ask('../station/station.db')).code).toBe('not-found');
});
