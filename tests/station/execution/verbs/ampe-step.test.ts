import { createHash } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { inspectRecipe } from '#station';

import { expectSameAgain } from '../replay/replay-support.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import type { ScriptedUnits } from '../../../kit/units.ts';
import { describedRecipe, parsedRecipe } from '../../../kit/recipes.ts';

type Message = Readonly<Record<string, unknown>>;

/** A terminal made for one test, behind a bridge over TCP; keeps what it was asked. */
async function startTerminal(
  answer: (request: Message) => readonly (object | string)[],
  sn: unknown = 'SN000042',
) {
  const asked: Message[] = [];
  const server = createServer((socket) => {
    let rest = '';
    socket.setEncoding('utf8').on('error', () => undefined);
    socket.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const request = JSON.parse(line) as Message;
        const { action, event, taskId } = request;
        if (action === 'getDeviceInfo') {
          const data = { sn };
          socket.write(
            `${JSON.stringify({ action, event, success: true, taskId, 'message ': '成功', data })}\n`,
          );
          continue;
        }
        asked.push(request);
        for (const said of answer(request))
          socket.write(`${typeof said === 'string' ? said : JSON.stringify(said)}\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const path = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, path, [Symbol.dispose]: () => void server.close() };
}

const reply = ({ action, event, taskId }: Message, more: object = {}): object => ({
  action,
  event,
  success: true,
  taskId,
  'message ': '成功',
  ...more,
});

function terminalRecipe(steps: string): string {
  return describedRecipe(steps).replace(
    /identify:\n.*\n/,
    'identify:\n    - { ampe: { action: getDeviceInfo, id: data.sn } }\n',
  );
}

let setup: TestStation<ScriptedUnits> | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

async function run(path: string, steps: string, files: Readonly<Record<string, string | Uint8Array>> = {}) {
  setup = await startStation({
    recipe: parsedRecipe(terminalRecipe(steps), files),
    config: { slots: [{ slot: 1, portPath: path }] },
  });
  const result = await setup.run(1, 'SN000042');
  const { runs } = setup.station.database;
  const values = Object.fromEntries(
    runs.listMeasurements(result.runId).map(({ name, value }) => [name, value]),
  );
  return { result, values };
}

describe('a request to a terminal', () => {
  it('carries parameters of any depth, texts filled in, pictures from files, and event open', async () => {
    using terminal = await startTerminal((request) => [
      reply(request, request['action'] === 'getQRCode' ? { data: { qrCode: 'Q "7"' } } : { data: {} }),
    ]);
    const picture = Buffer.from([0xff, 0xd8, 0xff, 0, 1, 2]);
    const { result } = await run(
      terminal.path,
      `- { verb: ampe, action: getQRCode, capture: { code: data.qrCode } }
- verb: ampe
  name: print
  action: receiptPrinting
  params:
    printList:
      - { text: 'SN {serialNumber} \${code}', textSize: 26, bold: false, algin: left, deep: [[null, ['\${code}']]] }
      - { imageBase64: { base64Of: logo.jpg }, width: 376, height: 376 }
- { verb: ampe, name: long, action: speech, params: { text: '${'长'.repeat(5000)}', pitch: 1.5 } }
- { verb: ampe, name: stop, action: closeIDCardInfo, event: close, taskId: 'card-{serialNumber}' }`,
      { 'logo.jpg': picture },
    );
    expect(result).toMatchObject({ outcome: 'PASS', failure: null });
    expect(terminal.asked).toMatchObject([
      { action: 'getQRCode', event: 'open', params: {} },
      {
        params: {
          printList: [
            { text: 'SN SN000042 Q "7"', textSize: 26, bold: false, deep: [[null, ['Q "7"']]] },
            { imageBase64: picture.toString('base64'), width: 376 },
          ],
        },
      },
      { params: { text: '长'.repeat(5000), pitch: 1.5 } },
      { event: 'close', taskId: 'card-SN000042' },
    ]);
    expect(Object.keys(terminal.asked[0] ?? {})).toEqual(['action', 'event', 'taskId', 'params']);
    // A picture that is sent is part of the recording.
    await expectSameAgain(join(setup?.dir ?? '', 'station'), result, 1);
  });

  it('is refused by a code beside success: true, also when the recipe expects a refusal', async () => {
    using terminal = await startTerminal((request) => [reply(request, { data: { nfc_cardInfo: '-2' } })]);
    const { result } = await run(
      terminal.path,
      `- { verb: ampe, name: card, action: readOnceCPUCardInfo, expect: { success: 'true', data.nfc_cardInfo: '-2' } }`,
    );
    expect(result).toMatchObject({
      outcome: 'FAIL',
      failure: {
        code: 'device-rejected',
        step: 'card',
        message: 'the terminal refused readOnceCPUCardInfo: no card found (寻卡失败), code -2',
        details: { code: '-2', remedy: 'card', reasonZh: '寻卡失败' },
      },
    });
  });

  it('may require a refusal, and then fails on success', async () => {
    using terminal = await startTerminal((request) => [
      request['action'] === 'speechStop'
        ? reply(request)
        : reply(request, { success: false, 'message ': '失败:-100', data: { nfc_commandResults: ['6A82'] } }),
    ]);
    const { result, values } = await run(
      terminal.path,
      `- { verb: ampe, name: apdu, action: sendCPUCardApduCommands, success: false, params: { commandApdus: ['00'], type: 1 }, measure: [{ name: said, group: message }, { name: status, group: data.nfc_commandResults.0 }] }
- { verb: ampe, name: silence, action: speechStop, success: false }`,
    );
    expect(values).toMatchObject({ said: '失败:-100', status: '6A82' });
    expect(result.failure).toMatchObject({ code: 'device-rejected', step: 'silence' });
  });

  it.each([
    ['is missing', undefined],
    ['is null', null],
    ['is a number', 1],
    ['is another word', 'ok'],
  ])('is neither done nor refused where success %s', async (_how, success) => {
    using terminal = await startTerminal((request) => [reply(request, { success })]);
    const done = await run(terminal.path, `- { verb: ampe, action: speechStop, withinMs: 500 }`);
    expect(done.result).toMatchObject({ outcome: 'FAIL', failure: { code: 'device-garbled' } });
    await setup?.[Symbol.asyncDispose]();
    const awaited = await run(
      terminal.path,
      `- { verb: ampe, action: speechStop, success: false, withinMs: 500 }`,
    );
    expect(awaited.result).toMatchObject({ outcome: 'FAIL', failure: { code: 'device-garbled' } });
  });

  it.each(['\u001b[0;32m%s\u001b[0m', '\0%s\0\r', '%s\u001b[K\u0007'])(
    'is answered by a line with colours and noise at its ends (%j)',
    async (around) => {
      using terminal = await startTerminal((request) => [
        around.replace('%s', JSON.stringify(reply(request))),
      ]);
      const { result } = await run(terminal.path, `- { verb: ampe, action: speechStop, withinMs: 5000 }`);
      expect(result).toMatchObject({ outcome: 'PASS' });
    },
  );

  it('is answered by the reply, not by the echo of the line', async () => {
    using terminal = await startTerminal((request) => [request, reply(request)]);
    const { result } = await run(terminal.path, `- { verb: ampe, action: speechStop }`);
    expect(result).toMatchObject({ outcome: 'PASS' });
  });

  it('compares all of a picture with its limits and records an abbreviation', async () => {
    const photo = `/9j/${'A'.repeat(700_000)}Z==`;
    using terminal = await startTerminal((request) => [reply(request, { data: { photoBase64: photo } })]);
    const id = (more: string): string =>
      `- { verb: ampe, name: photo, action: getIDCardInfo, params: { infoType: photo }, ${more} }`;
    const measured = await run(
      terminal.path,
      id(
        `expect: { data.photoBase64: 'AZ==$' }, measure: [{ name: photo, group: data.photoBase64, limits: { pattern: '^/9j/' } }, { name: all, group: data }]`,
      ),
    );
    expect(measured.result).toMatchObject({ outcome: 'PASS', failure: null });
    const digest = createHash('sha256').update(photo).digest('hex');
    expect(measured.values['photo']).toBe(
      `/9j/${'A'.repeat(28)}… (${photo.length} characters, SHA-256 ${digest})`,
    );
    expect(String(measured.values['all']).length).toBeLessThan(200);
    await setup?.[Symbol.asyncDispose]();
    for (const [more, code] of [
      [`expect: { data.photoBase64: '^PNG' }`, 'limit-exceeded'],
      [`measure: [{ name: photo, group: data.photoBase64, limits: { equals: x } }]`, 'limit-exceeded'],
      [`capture: { photo: data.photoBase64 }`, 'recipe-invalid'],
    ] as const) {
      const { result } = await run(terminal.path, id(more));
      expect(result.failure).toMatchObject({ code });
      expect(JSON.stringify(result.failure).length).toBeLessThan(1_000);
      await setup?.[Symbol.asyncDispose]();
    }
  });

  it('distinguishes silence, noise, and a reply to an earlier task', async () => {
    using terminal = await startTerminal((request) => {
      if (request['action'] === 'speechStop') return [reply({ ...request, taskId: 'earlier' })];
      return request['action'] === 'startBuzzer' ? [['no message']] : [];
    });
    for (const [step, code] of [
      [`action: speechStop`, 'device-silent'],
      [`action: startBuzzer, params: { beep: '50' }`, 'device-garbled'],
      [`action: getQRCode`, 'device-silent'],
    ]) {
      const { result } = await run(terminal.path, `- { verb: ampe, ${step}, withinMs: 500 }`);
      expect(result).toMatchObject({ outcome: 'FAIL', failure: { code } });
      await setup?.[Symbol.asyncDispose]();
    }
  });
});

describe('a terminal', () => {
  it.each([
    ['SN000042', '534E303030303432'],
    // Neither of these is taken for a MAC, which has 12 hex digits.
    ['A00001', '41303030303100'],
    [202611290001, '323032363131323930303031'],
    [
      'HH-2026-11-29-000042',
      createHash('sha256').update('HH-2026-11-29-000042').digest('hex').slice(0, 32).toUpperCase(),
    ],
    [null, null],
  ])('with the serial number %j has the id %s', async (sn, chipId) => {
    using terminal = await startTerminal(() => [], sn);
    const { result } = await run(terminal.path, '- { verb: wait, ms: 1 }');
    expect(result.chipId).toBe(chipId);
    if (chipId === null) expect(result.failure).toMatchObject({ code: 'device-garbled', step: 'identify' });
  });
});

describe('a listener of a terminal', () => {
  it('is awaited after the reply to its start, and without a request', async () => {
    const search = (code: number): object => ({
      listener: 'CPUCardListener',
      data: { nfc_cardInfo: '', code },
    });
    using terminal = await startTerminal((request) => {
      if (request['action'] === 'startCPUCardLoopRead')
        // One of before the reply, one of another listener, and failed searches.
        return [
          { listener: 'CPUCardListener', data: { nfc_cardInfo: 'OLD', code: 0 } },
          reply(request),
          { listener: 'initQRListener', data: { qrCode: 'A-1' } },
          search(-1),
          search(-1),
          { data: { nfc_cardInfo: '1078', code: 0 } },
          { data: { qrCode: 'A-2' } },
        ];
      return [
        { call: request['call'], taskId: request['taskId'], success: true },
        { listener: 'ampeOperationTimeout' },
      ];
    });
    const { result, values } = await run(
      terminal.path,
      `- { verb: ampe, name: loop, action: startCPUCardLoopRead, params: { intervalTime: '1000', isComeBackFailed: true }, listener: CPUCardListener, measure: [{ name: card, group: data.nfc_cardInfo }] }
- { verb: ampe, name: code, listener: initQRListener, measure: [{ name: code, group: data.qrCode }] }
- { verb: ampe, name: idle, call: ampeStartOperationWatcher, listener: ampeOperationTimeout }`,
    );
    expect(result).toMatchObject({ outcome: 'PASS', failure: null });
    expect(values).toMatchObject({ card: '1078', code: 'A-2' });
    expect(terminal.asked[1]).toEqual({
      call: 'ampeStartOperationWatcher',
      taskId: expect.any(String),
      params: {},
    });
  });

  it('fails with the last failed search, with silence, or with the refusal of what starts it', async () => {
    let answers: (request: Message) => object[] = (request) => [
      reply(request),
      { listener: 'CPUCardListener', data: { nfc_cardInfo: '', code: -1 } },
    ];
    using terminal = await startTerminal((request) => answers(request));
    const step = `- { verb: ampe, name: loop, action: startCPUCardLoopRead, listener: CPUCardListener, withinMs: 500 }`;
    const failure = async (): Promise<unknown> => {
      const { result } = await run(terminal.path, step);
      await setup?.[Symbol.asyncDispose]();
      return result.failure;
    };
    expect(await failure()).toMatchObject({
      code: 'device-rejected',
      message: 'the terminal refused CPUCardListener: no card found (寻卡失败), code -1',
    });
    answers = (request) => [reply(request)];
    expect(await failure()).toMatchObject({
      code: 'device-silent',
      message: /^CPUCardListener delivered nothing on \S+ in 500 ms$/,
    });
    answers = (request) => [reply(request, { success: false, message: 'busy' })];
    expect(await failure()).toMatchObject({
      code: 'device-rejected',
      message: 'the terminal refused startCPUCardLoopRead: it says "busy"',
    });
  });
});

describe('the check of a recipe', () => {
  it.each([
    [
      "{ verb: ampe, action: sendCPUCardCommand, params: { apduCommand: '00', type: 1 } }",
      /apduCommand: is not a parameter of sendCPUCardCommand, which takes commandApdu, type, slot/,
    ],
    ['{ verb: ampe, action: startBuzzer }', /params: lacks beep, which startBuzzer requires/],
    ['{ verb: ampe, action: startBuzzer, success: false }', null],
    [
      '{ verb: ampe, action: getQRCode, params: { x: 1 } }',
      /x: is not a parameter of getQRCode, which takes none/,
    ],
    ['{ verb: ampe }', /needs an action, a call or a listener/],
    ['{ verb: ampe, listener: initQRListener }', null],
    ['{ verb: ampe, call: ampeStartOperationWatcher, params: { a: 1 } }', /a: only an action has parameters/],
    [
      '{ verb: ampe, action: openSecondaryScreen, params: { secondaryScreenBase64: { base64Of: a.png } } }',
      /base64Of: a.png is not in the folder of the recipe/,
    ],
    [
      '{ verb: ampe, action: openSecondaryScreen, params: { secondaryScreenBase64: { base64Of: ../a.png } } }',
      /secondaryScreenBase64/,
    ],
    [
      "{ verb: ampe, action: speech, params: { text: '${nobody}' } }",
      /\$\{nobody\} is set by no step before this one/,
    ],
    [
      "{ verb: ampe, action: receiptPrinting, params: { printList: [{ text: ['${nobody}'] }] } }",
      /printList\.0\.text\.0: \$\{nobody\}/,
    ],
  ])('says of %s: %s', (step, issue) => {
    const { issues } = inspectRecipe(terminalRecipe(`- ${step}`));
    if (issue === null) expect(issues).toEqual([]);
    else expect(issues).toEqual([expect.objectContaining({ message: expect.stringMatching(issue) })]);
  });

  it('names a file that is too large to be sent', () => {
    const step = '- { verb: ampe, action: speech, params: { text: { base64Of: big.bin } } }';
    const check = (bytes: number): string[] =>
      inspectRecipe(terminalRecipe(step), new Map([['big.bin', new Uint8Array(bytes)]])).issues.map(
        ({ message }) => message,
      );
    expect(check(524_288)).toEqual([]);
    expect(check(524_289)).toEqual([expect.stringMatching(/base64Of: big\.bin has 524289 bytes.*524288/)]);
  });

  it('accepts deeply nested parameters, and reports a nesting that is too deep', () => {
    const nested = (depth: number): string =>
      `- { verb: ampe, action: receiptPrinting, params: { printList: ${'['.repeat(depth)}1${']'.repeat(depth)} } }`;
    expect(inspectRecipe(terminalRecipe(nested(60))).issues).toEqual([]);
    for (const depth of [150, 3_000])
      expect(inspectRecipe(terminalRecipe(nested(depth))).issues[0]?.message).toMatch(/nested too deep/);
  });
});
