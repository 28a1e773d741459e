import { afterEach, describe, expect, it } from 'vitest';
import { crc } from '#shared/codec/crc.ts';
import type { RunResult } from '#station';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { scripted, type ScriptedUnits, type ScriptedUnit } from '../../../kit/units.ts';
import { describedRecipe, parsedRecipe } from '../../../kit/recipes.ts';

let setup: TestStation<ScriptedUnits> | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

/** Answers whole lines. */
const answering =
  (answer: (text: string) => string | null): ScriptedUnit =>
  (bytes, say) => {
    for (const text of bytes
      .toString()
      .split(/\r?\n/)
      .filter((one) => one !== '')) {
      const said = answer(text);
      if (said !== null) say(said);
    }
  };

async function run(
  steps: string,
  peer: ScriptedUnit,
  more: Parameters<typeof describedRecipe>[1] & { readonly files?: Record<string, string> } = {},
): Promise<{ result: RunResult; measured: Record<string, unknown>; steps: string[] }> {
  const recipe = parsedRecipe(describedRecipe(steps, more), more.files);
  setup = await startStation({ units: scripted([peer]), recipe });
  const result = await setup.run();
  const { runs } = setup.station.database;
  return {
    result,
    measured: Object.fromEntries(runs.listMeasurements(result.runId).map((m) => [m.name, m])),
    steps: runs.listSteps(result.runId).map(({ step, outcome }) => `${step} ${outcome}`),
  };
}

describe('a request', () => {
  const rssiWithin = (withinMs: number): string => `- verb: request
  name: rssi
  text: RSSI?
  expect: 'RSSI=(?<value>-?\\d+)'
  withinMs: ${withinMs}
  capture: { rssi: value }
  measure:
    - { name: rssi, group: value, as: number, unit: dBm, limits: { min: -80, max: -20, marginal: { min: -70 } } }`;
  const RSSI = rssiWithin(10_000);
  /** For a unit that does not answer so. */
  const IMPATIENT = rssiWithin(600);

  it('measures captured values, marks marginal ones, and provides them to later steps', async () => {
    const heard: string[] = [];
    const { result, measured } = await run(
      `${RSSI}\n- { verb: send, text: 'GOT \${rssi} {macTail}', end: lf }\n- { verb: expect, expect: '^THANKS' }`,
      answering((text) => {
        heard.push(text);
        return text === 'RSSI?' ? 'noise\r\nRSSI=-72\r\n' : text.startsWith('GOT') ? 'THANKS\n' : null;
      }),
    );
    expect(result).toMatchObject({ outcome: 'PASS' });
    expect(heard).toEqual(['RSSI?', 'GOT -72 DDEE01']);
    expect(measured['rssi']).toMatchObject({
      value: -72,
      unit: 'dBm',
      outcome: 'PASS',
      marginal: true,
      low: -80,
      high: -20,
      limits: '-80 … -20 dBm',
    });
  });

  it('does not accept the first digits of an unfinished number', async () => {
    const { measured } = await run(RSSI, (bytes, say) => {
      if (!bytes.toString().includes('RSSI?')) return;
      say('RSSI=-');
      setTimeout(() => say('4'), 30);
      setTimeout(() => say('5\r\n'), 60);
    });
    expect(measured['rssi']).toMatchObject({ value: -45 });
  });

  it('distinguishes no answer, another answer, and a value outside its limits', async () => {
    const silent = await run(IMPATIENT, () => undefined);
    expect(silent.result.failure).toMatchObject({ code: 'device-silent', step: 'rssi' });
    await setup?.[Symbol.asyncDispose]();
    const other = await run(
      IMPATIENT,
      answering(() => 'ERR 7\r\n'),
    );
    expect(other.result.failure).toMatchObject({ code: 'limit-exceeded', details: { value: 'ERR 7' } });
    await setup?.[Symbol.asyncDispose]();
    const weak = await run(
      RSSI,
      answering(() => 'RSSI=-95\r\n'),
    );
    expect(weak.result).toMatchObject({
      outcome: 'FAIL',
      failure: { message: 'rssi is -95 dBm, limits -80 … -20 dBm' },
    });
  });

  it('says of a message that was awaited whether another or none came', async () => {
    const awaiting = `- { verb: expect, name: started, expect: '^READY$', withinMs: 1000 }`;
    const silent = await run(awaiting, () => undefined);
    expect(silent.result.failure?.message).toMatch(/^nothing came on \S+ in 1000 ms/);
    await setup?.[Symbol.asyncDispose]();
    const other = await run(
      `- { verb: send, text: 'GO' }\n${awaiting}`,
      answering(() => 'BOOT 3\r\n'),
    );
    expect(other.result.failure).toMatchObject({
      code: 'limit-exceeded',
      message: 'what came does not match /^READY$/: "BOOT 3"',
      details: { value: 'BOOT 3', limits: '^READY$' },
    });
    expect(other.result.failure?.details).not.toHaveProperty('command');
  });

  it('keeps every attempt', async () => {
    let asked = 0;
    const { result, steps } = await run(
      `${rssiWithin(1000)}\n  retries: 2\n  retryDelayMs: 5`,
      answering((text) => (text === 'RSSI?' && ++asked === 3 ? 'RSSI=-40\r\n' : null)),
    );
    expect(result.outcome).toBe('PASS');
    expect(steps).toEqual(['identify PASS', 'rssi FAIL', 'rssi FAIL', 'rssi PASS']);
  });

  it('with a pattern of exponential time reports another answer', async () => {
    const { result } = await run(
      `- { verb: request, text: 'A', expect: '^(a+)+$', withinMs: 1000 }`,
      answering(() => `${'a'.repeat(40)}b\r\n`),
    );
    expect(result.failure).toMatchObject({ code: 'limit-exceeded' });
  });

  it('measures a curve, point by point', async () => {
    setup = await startStation({
      units: scripted([
        answering((text) => (text === 'GAIN?' ? '2412 -1.5\r\n2437 -2\r\n2462 -3.5\r\n' : null)),
      ]),
      recipe: describedRecipe(`- verb: request
  text: GAIN?
  expect: '^(\\d+) (-?[\\d.]+)$'
  measure:
    - { name: gain, group: 2, as: number, unit: dB, limits: { min: -3 }, at: [{ name: frequency, group: 1, unit: MHz }] }`),
    });
    const result = await setup.run();
    expect(result.failure?.message).toBe('gain at frequency 2462 MHz is -3.5 dB, limits ≥ -3 dB');
    const points = setup.station.database.runs.listMeasurements(result.runId);
    expect(points.map(({ value, at, outcome }) => [at?.[0]?.value, value, outcome])).toEqual([
      [2412, -1.5, 'PASS'],
      [2437, -2, 'PASS'],
      [2462, -3.5, 'FAIL'],
    ]);
  });
});

describe('frames', () => {
  const DEVICE = `  frames:
    start: 'AA 55'
    length: { bytes: 1 }
    checksum: { kind: crc16-modbus, order: big }
    end: '55 AA'`;

  const frame = (...payload: number[]): Buffer => {
    const sum = crc('crc16-modbus', Uint8Array.from(payload));
    return Buffer.from([0xaa, 0x55, payload.length, ...payload, sum >> 8, sum & 0xff, 0x55, 0xaa]);
  };

  it('go out and come in as payloads, behind garbage and cut in two', async () => {
    const { result, measured } = await run(
      `- verb: request
  frame: '02 {macTail}'
  expectFrame: '^82(?<level>..)'
  measure: [{ name: level, group: level, as: hex, limits: { equals: 26 } }]`,
      (bytes, say) => {
        expect(bytes.subarray(0, 4).toString('hex')).toBe('aa550402');
        say(Buffer.from([0xaa, 0x00, 0x55]));
        const answer = frame(0x82, 0x1a);
        say(answer.subarray(0, 4));
        setTimeout(() => say(answer.subarray(4)), 20);
      },
      { device: DEVICE },
    );
    expect(result.outcome).toBe('PASS');
    expect(measured['level']).toMatchObject({ value: 26 });
  });

  it('with a wrong checksum are reported with both checksums', async () => {
    const { result } = await run(
      `- { verb: request, frame: '02', expectFrame: '^82', withinMs: 1000 }`,
      (_bytes, say) => {
        const answer = frame(0x82);
        answer[4] = (answer[4] ?? 0) ^ 1;
        say(answer);
      },
      { device: DEVICE },
    );
    expect(result.failure).toMatchObject({
      code: 'device-garbled',
      message: 'frame 02: the answer has a wrong checksum: 203F, not 213F',
      details: { received: '203F', expected: '213F' },
    });
  });
});

describe('the course of a recipe', () => {
  it('does a step only when its condition holds, and goes on after a failure where it may', async () => {
    const { result, steps } = await run(
      `- { verb: request, name: model, text: MODEL?, expect: '^(\\w+)', capture: { model: 1 } }
- { verb: measure, name: only-a, value: '1', measure: [{ name: a, as: number }], runIf: { value: '\${model}', equals: A } }
- { verb: measure, name: only-b, value: '2', measure: [{ name: b, as: number, limits: { max: 1 } }], onFail: continue, runIf: { value: '\${model}', not: A } }
- { verb: measure, name: last, value: '0x', measure: [{ name: c }] }`,
      answering((text) => (text === 'MODEL?' ? 'B2\r\n' : null)),
    );
    expect(steps).toEqual(['identify PASS', 'model PASS', 'only-b FAIL', 'last PASS']);
    expect(result).toMatchObject({ outcome: 'FAIL', failure: { step: 'only-b' } });
  });

  it('repeats a step over a parameter', async () => {
    const { steps } = await run(
      `- { verb: request, name: led, text: 'LED \${n}', expect: '^OK \${n}$', forEach: { n: [1, 2, 3] } }`,
      answering((text) => `OK ${text.slice(4)}\r\n`),
    );
    expect(steps).toEqual(['identify PASS', 'led.1 PASS', 'led.2 PASS', 'led.3 PASS']);
  });

  it('names events, ways of unlocking and XP2P errors', async () => {
    const { measured } = await run(
      `- { verb: request, text: 'TRIGGER \${event:撬锁告警}', expect: 'EVENT:(\\d+) XP2P:(-?\\d+)', measure: [{ name: event, group: 1, as: event, limits: { equals: 撬锁告警 } }, { name: p2p, group: 2, as: xp2p }] }`,
      answering((text) => (text === 'TRIGGER 4' ? 'EVENT:4 XP2P:-1005\r\n' : null)),
    );
    expect(measured['event']).toMatchObject({ value: '撬锁告警', outcome: 'PASS' });
    expect(measured['p2p']).toMatchObject({ value: 'XP2P_ERR_TIMEOUT 请求超时' });
  });

  it('runs a script on the wire of the run, with its measurements in the record', async () => {
    const { result, measured } = await run(
      `- { verb: script, file: sweep.ts, with: { count: 3, tail: '{macTail}' }, sets: [sum] }
- { verb: measure, value: '\${sum}', measure: [{ name: sum, as: number, limits: { equals: 6 } }] }`,
      answering((text) => (/^N\d$/.test(text) ? `V=${text.slice(1)}\r\n` : null)),
      {
        files: {
          'sweep.ts': `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ device, measure, set, options }: any) => {
  let sum = 0;
  for (let n = 1; n <= options.count; n++) {
    const { groups } = await device.request('N' + n, { expect: /V=(?<v>\\d+)/ });
    sum += Number(groups.v);
    await measure('v' + n, Number(groups.v), { limits: { max: 3 } });
  }
  await set('sum', sum);
});`,
        },
      },
    );
    expect(result.failure).toBeNull();
    expect(measured).toMatchObject({
      v1: { value: 1 },
      v3: { value: 3 },
      sum: { value: 6, outcome: 'PASS' },
    });
  });

  it('refuses a text of a script that is longer than a value may be', async () => {
    const { result } = await run(
      '- { verb: script, file: own.ts }',
      answering(() => null),
      {
        files: {
          'own.ts': `import { defineScript } from 'gongwei/script';
export default defineScript(({ measure }: any) => measure('dump', 'x'.repeat(5000)));`,
        },
      },
    );
    expect(result.failure).toMatchObject({ code: 'recipe-invalid' });
    expect(result.failure?.message).toContain('measure');
  });
});

describe('a question', () => {
  it('is answered by the person at the slot; without an answer it ends the run', async () => {
    setup = await startStation({
      units: scripted([() => undefined]),
      recipe:
        describedRecipe(`- { verb: prompt, kind: number, name: volts, ask: { zh-CN: 电压, en: Voltage }, unit: V, limits: { min: 3 }, capture: volts }
- { verb: prompt, kind: choice, name: colour, ask: { zh-CN: 颜色, en: Colour }, choices: [{ value: red, title: { zh-CN: 红, en: red } }, { value: green, title: { zh-CN: 绿, en: green } }], pass: [green] }
- { verb: scan-label, equals: 'L-{serialNumber}-\${volts}' }
- { verb: prompt, kind: confirm, name: off, ask: { zh-CN: 关, en: Off }, answerMs: 50 }`),
    });
    const { station } = setup;
    const answers: Record<string, string> = { volts: '3,3', colour: 'green', 'scan-label': 'L-SN1-3.3' };
    const shown: string[] = [];
    station.onRunEvent((slot, event) => {
      if (event.kind !== 'prompt' || event.prompt === null) return;
      const { promptId, step } = event.prompt;
      shown.push(`${step} ${station.slots.state.slots[0]?.run?.prompt?.kind ?? ''}`);
      const answer = answers[step];
      if (answer !== undefined) setImmediate(() => station.prompts.answer(slot, promptId, answer));
    });
    const result = await setup.run();
    expect(shown).toEqual(['volts number', 'colour choice', 'scan-label scan', 'off confirm']);
    expect(result).toMatchObject({ outcome: 'ERROR', failure: { code: 'prompt-unanswered', step: 'off' } });
    expect(station.database.runs.listMeasurements(result.runId)).toMatchObject([
      { name: 'volts', value: 3.3, low: 3 },
      { name: 'colour', value: 'green' },
      { name: 'label', value: 'L-SN1-3.3' },
    ]);
    answers['colour'] = 'red';
    expect((await setup.run()).failure).toMatchObject({ code: 'limit-exceeded', step: 'colour' });
  });
});
