import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { parseRecipe, readRecording, replayRun, findRecording } from '#station';
import { loadLibc, openPty } from '../../../../simulator/pty/index.ts';
import { expectSameAgain } from './replay-support.ts';
import { depth } from '../../../support/depth.ts';
import { soon } from '../../../support/patience.ts';
import { startStation } from '../../../kit/station.ts';
import { scripted, type ScriptedUnit } from '../../../kit/units.ts';
import { describedRecipe, parsedRecipe } from '../../../kit/recipes.ts';

const TIMES = depth({ short: 3, long: 10 });

const lines =
  (answer: (text: string) => string | null): ScriptedUnit =>
  (bytes, say) => {
    for (const text of bytes.toString().split(/\r?\n/)) {
      const said = text === '' ? null : answer(text);
      if (said !== null) say(said);
    }
  };

const SWEEP = `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ device, measure, set, wait, log, options }: any) => {
  let sum = 0;
  for (let n = 1; n <= options.count; n++) {
    await wait(400);
    const { groups } = await device.request('N' + n, { expect: /V=(?<v>\\d+)/ });
    sum += Number(groups.v);
    await log('so far ' + sum);
    await measure('v' + n, Number(groups.v), { limits: { max: options.max } });
  }
  await set('sum', sum);
});`;

it('a script runs again, against the recorded replies', async () => {
  const steps = `- { verb: script, file: sweep.ts, with: { count: 3, max: 3 }, sets: [sum] }
- { verb: measure, value: '\${sum}', measure: [{ name: sum, as: number, limits: { equals: 6 } }] }`;
  await using setup = await startStation({
    units: scripted([lines((text) => (/^N\d$/.test(text) ? `V=${text.slice(1)}\r\n` : null))]),
    recipe: parsedRecipe(describedRecipe(steps), { 'sweep.ts': SWEEP }),
  });
  const result = await setup.run();
  expect(result.outcome).toBe('PASS');
  const dataDir = `${setup.dir}/station`;
  await expectSameAgain(dataDir, result, 3);
  // Another script, against the same unit.
  const recording = readRecording(findRecording(dataDir, result.runId));
  const files = new Map([
    ['sweep.ts', new TextEncoder().encode(SWEEP.replace('max: options.max', 'max: 2'))],
  ]);
  const changed = await replayRun(
    recording,
    { recipe: parseRecipe(describedRecipe(steps), 'changed', files) },
    soon(),
  );
  expect(changed).toMatchObject({ recorded: 'PASS', replayed: 'FAIL', differences: [] });
  expect(changed.failure?.message).toMatch(/^v3 is 3, limits/);
  // One that never ends: its step's time is over all the same.
  const endless = new Map([
    ['sweep.ts', new TextEncoder().encode(SWEEP.replace('let sum = 0;', 'for (;;);'))],
  ]);
  const hung = parseRecipe(
    describedRecipe(steps.replace('sets: [sum]', 'sets: [sum], timeoutMs: 9000')),
    'endless',
    endless,
  );
  expect(await replayRun(recording, { recipe: hung }, soon())).toMatchObject({ replayed: 'TIMEOUT' });
});

it('prompts get the recorded answers', async () => {
  const steps = `- { verb: prompt, kind: number, name: volts, ask: { zh-CN: 电压, en: Voltage }, unit: V, limits: { min: 3 }, capture: volts }
- { verb: scan-label, equals: 'L-{serialNumber}-\${volts}' }
- { verb: prompt, kind: confirm, name: off, ask: { zh-CN: 关, en: Off }, answerMs: 50 }`;
  await using setup = await startStation({
    units: scripted([() => undefined]),
    recipe: describedRecipe(steps),
  });
  const { station } = setup;
  const answers: Record<string, string> = { volts: '3,3', 'scan-label': 'L-SN1-3.3' };
  station.onRunEvent((slot, event) => {
    if (event.kind !== 'prompt' || event.prompt === null) return;
    const { promptId, step } = event.prompt;
    const answer = answers[step];
    if (answer !== undefined) setTimeout(() => station.prompts.answer(slot, promptId, answer), 30);
  });
  const result = await setup.run();
  expect(result.failure?.code).toBe('prompt-unanswered');
  await expectSameAgain(`${setup.dir}/station`, result, TIMES);
  // What was answered to one question is no answer to another.
  const recording = readRecording(findRecording(`${setup.dir}/station`, result.runId));
  for (const kind of ['text', 'confirm', 'pass-fail']) {
    const asked = `- { verb: prompt, kind: ${kind}, name: volts, ask: { zh-CN: 电压, en: Voltage } }`;
    const other = parseRecipe(describedRecipe(asked), 'another question');
    expect(await replayRun(recording, { recipe: other }, soon())).toMatchObject({
      replayed: null,
      firstUnanswered: { step: 'volts' },
    });
  }
});

it('frames in pieces and a fixture board', async () => {
  const board = openPty(loadLibc());
  try {
    board.master.on('data', (bytes: Buffer) => {
      const text = bytes.toString();
      board.master.write(text.startsWith('gpio') ? `${text}\n1\n\r>` : `${text}\n\r>`);
    });
    const steps = `- { verb: power, to: cycle, offMs: 700 }
- { verb: read-pin, pin: 3, measure: { name: led, limits: { equals: 1 } } }
- verb: request
  frame: '02 {macTail}'
  expectFrame: '^82(?<level>..)'
  measure: [{ name: level, group: level, as: hex, limits: { equals: 26 } }]`;
    const device = `  board: { kind: numato, settleMs: 400 }
  frames: { start: 'AA 55', length: { bytes: 1 }, checksum: { kind: sum8 } }`;
    await using setup = await startStation({
      units: scripted(
        [
          (_bytes, say) => {
            const answer = Buffer.from([0xaa, 0x55, 2, 0x82, 0x1a, 0x9c]);
            say(Buffer.from([0xaa, 0x00, ...answer.subarray(0, 4)]));
            setTimeout(() => say(answer.subarray(4)), 25);
          },
        ],
        { boardPath: board.path },
      ),
      recipe: describedRecipe(steps, { device }),
    });
    const result = await setup.run();
    expect(result).toMatchObject({ outcome: 'PASS' });
    const recording = readRecording(findRecording(`${setup.dir}/station`, result.runId));
    expect(
      [...recording.entries.values()].filter((e) => e.type === 'request' && e.kind === 'board'),
    ).not.toEqual([]);
    await expectSameAgain(`${setup.dir}/station`, result, TIMES);
  } finally {
    await board.close();
  }
});

it('a terminal over TCP, whose replies name their task', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      for (const text of bytes.toString().split('\n').filter(Boolean)) {
        const { action, event, taskId } = JSON.parse(text) as Record<string, unknown>;
        const data =
          action === 'getDeviceInfo'
            ? { sn: 'AMPE0042', deviceModel: 'H3' }
            : { nfc_commandResults: ['6F109000'] };
        socket.write(`${JSON.stringify({ action, event, taskId, success: true, data })}\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const portPath = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const recipe = describedRecipe(
      `- { verb: ampe, name: card, action: sendCPUCardApduCommands, params: { commandApdus: ['00'], type: '1' }, expect: { data.nfc_commandResults.0: '9000$' }, measure: [{ name: response, group: data.nfc_commandResults }] }`,
    ).replace(
      /identify:\n.*\n/,
      'identify:\n    - { ampe: { action: getDeviceInfo, id: data.sn, model: data.deviceModel } }\n',
    );
    await using setup = await startStation({ recipe, config: { slots: [{ slot: 1, portPath }] } });
    const result = await setup.run();
    expect(result.outcome).toBe('PASS');
    await expectSameAgain(`${setup.dir}/station`, result, TIMES);
  } finally {
    server.close();
  }
});
