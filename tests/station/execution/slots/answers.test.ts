import { afterEach, describe, expect, it } from 'vitest';
import { contract, type SlotView, type StationContract } from '#shared/contract/index.ts';
import { type Client, connect, Session, createInMemoryTransports } from '#shared/rpc/index.ts';
import { createNodeClock } from '../../../../station/devices/drivers/node/clock.ts';
import { faultOf } from '../../support/fault-of.ts';
import { type PeerLine, peerRecipe, startPeers } from '../../support/peer-line.ts';
import { soon } from '../../../support/patience.ts';

const PNG = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=',
    'base64',
  ),
);
const CLOCK = createNodeClock();
const BEGAN_MS = 1_000_000;
const ASK = 'ask: { zh-CN: 问, en: Ask }';
const LIGHT = `- { verb: prompt, kind: pass-fail, name: light, ${ASK}, answerMs: 60000 }`;

let line: PeerLine | null = null;
afterEach(async () => {
  await line?.[Symbol.asyncDispose]();
  line = null;
});

async function open(
  steps: string,
  slots: number,
  files: Record<string, string | Uint8Array> = {},
): Promise<{
  client: Client<StationContract>;
  view: (slot: number) => SlotView;
  asking: (...slots: number[]) => Promise<void>;
  /** Scans when the scanner has rested for so long, 5 s unless said. */
  scan: (text: string, restMs?: number) => Promise<unknown>;
  rest: (ms: number) => void;
  /** A line that was so long on its way; the code of its refusal, or what came of it. */
  late: (text: string, lateMs: number) => Promise<unknown>;
}> {
  let aheadMs = 0;
  line = await startPeers(
    peerRecipe(steps).replace("pattern: '.+'", "pattern: 'SN\\d+'"),
    Array.from({ length: slots }, () => () => undefined),
    {
      files,
      // The time between two reads is what a test says, however long the computer takes for them.
      platform: () => ({ clock: { ...CLOCK, monotonicMs: () => BEGAN_MS + aheadMs } }),
    },
  );
  const { station, batchId } = line;
  station.batches.select(batchId);
  const [here, there] = createInMemoryTransports();
  station.serve(there, new Session({ role: 'operator', user: 'Li' }));
  const client = connect(contract, here);
  const view = (slot: number): SlotView => {
    const found = station.slots.state.slots.find((one) => one.slot === slot);
    if (found === undefined) throw new Error(`no slot ${slot}`);
    return found;
  };
  return {
    client,
    view,
    // One after another, so that the lower slot has waited longer.
    async asking(...wanted) {
      for (const slot of wanted) {
        if (view(slot).state === 'ready')
          station.startUnit({ batchId, serialNumber: `SN${slot}`, operator: 'Li', slot });
        await expect.poll(() => view(slot).run?.prompt?.kind ?? null, { interval: 5 }).not.toBe(null);
      }
    },
    rest: (ms) => void (aheadMs += ms),
    async late(text, lateMs) {
      const [mine, theirs] = createInMemoryTransports();
      const answer = new Promise((resolve) => mine.onMessage(resolve));
      station.serve(theirs, new Session({ role: 'operator', user: 'Li' }));
      const pressed = { firstMsAgo: 20, lastMsAgo: 0, ended: true };
      const sentAtMs = BEGAN_MS + aheadMs - lateMs;
      mine.send({ t: 'call', id: 1, name: 'slots.scan', input: { text, pressed }, sentAtMs });
      const { output, fault } = (await answer) as { output?: unknown; fault?: { code: string } };
      mine.close();
      return fault?.code ?? output;
    },
    scan(text, restMs = 5_000) {
      aheadMs += restMs;
      return client.call('slots.scan', { text });
    },
  };
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

describe('what is read twice', () => {
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
    expect(line?.station.database.runs.listMeasurements(view(1).run?.runId ?? '')).toMatchObject([
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
    for (const beside of ['#GW#PASS#', 'MAC-1'])
      expect((await faultOf(() => scan(beside, 100))).code).toMatch(/answer-too-soon|serial-malformed/);
    expect(await scan('SN8', 100)).toMatchObject({ kind: 'started', slot: 3 });
    expect(view(1).run?.prompt?.kind).toBe('pass-fail');
    expect(await scan('#GW#PASS#', 2_000)).toEqual({ kind: 'answered', slot: 1 });
    // The second read of the code is not the next slot's answer.
    await stands(view, 2, 'pass-fail');
    expect((await faultOf(() => scan('#GW#PASS#', 700))).code).toBe('scan-repeated');
    expect(view(2).run?.prompt?.kind).toBe('pass-fail');
    expect(await scan('#GW#FAIL#', 700)).toEqual({ kind: 'answered', slot: 2 });
  });

  it('is no answer of the next question, from a host that knows no keys either', async () => {
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

  it('is known by the keys that a host heard, however late the line comes', async () => {
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
  expect(await client.call('slots.noteRead', { text: 'SN1SN1', pressed })).toEqual({});
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
    const find = (text: string) => line?.station.returns.find(text, soon());
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
    const [found] = line?.station.database.runs.listMeasurements(view(1).run?.runId ?? '') ?? [];
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
  const batchId = line?.batchId ?? '';
  const name = view(1).run?.prompt?.image ?? '';
  const { mediaType, base64 } = await client.call('recipes.picture', { batchId, name });
  expect(mediaType).toBe('image/png');
  expect(Uint8Array.from(Buffer.from(base64, 'base64'))).toEqual(PNG);
  const ask = (file: string) => faultOf(() => client.call('recipes.picture', { batchId, name: file }));
  expect((await ask('notes.png')).code).toBe('bad-input');
  expect((await ask('../station/station.db')).code).toBe('not-found');
});
