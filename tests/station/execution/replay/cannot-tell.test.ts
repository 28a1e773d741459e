import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { crc } from '#shared/codec/crc.ts';
import {
  findRecording,
  parseRecipe,
  readRecording,
  type Recording,
  replayRun,
  type RunResult,
} from '#station';
import type { Comparison } from '../../../../station/execution/replay/index.ts';
import { expectSameAgain } from './replay-support.ts';
import { soon } from '../../../support/patience.ts';
import { startStation } from '../../../kit/station.ts';
import { scripted, type ScriptedUnit } from '../../../kit/units.ts';
import { describedRecipe, parsedRecipe } from '../../../kit/recipes.ts';
import { LONG } from '../../../support/depth.ts';

const tried = (recording: Recording, steps: string, device?: string): Promise<Comparison> =>
  replayRun(
    recording,
    { recipe: parseRecipe(describedRecipe(steps, device === undefined ? {} : { device }), 'changed') },
    soon(),
  );
const outcomes = ({ steps }: Comparison): string[] =>
  steps.map(
    ({ step, attempt, recorded, replayed, unanswered }) =>
      `${step} ${attempt} ${recorded?.outcome ?? '-'} ${unanswered ? '?' : (replayed?.outcome ?? '-')}`,
  );

interface Run extends AsyncDisposable {
  readonly result: RunResult;
  readonly recording: Recording;
  readonly dataDir: string;
}
async function recorded(steps: string, peer: ScriptedUnit, files: Record<string, string> = {}): Promise<Run> {
  const setup = await startStation({
    units: scripted([peer]),
    recipe: parsedRecipe(describedRecipe(steps, { device: FRAMES }), files),
  });
  const result = await setup.run();
  const dataDir = `${setup.dir}/station`;
  const recording = readRecording(findRecording(dataDir, result.runId));
  return { result, recording, dataDir, [Symbol.asyncDispose]: () => setup[Symbol.asyncDispose]() };
}

const FRAMES = `  frames: { start: 'AA 55', length: { bytes: 1 }, checksum: { kind: crc16-modbus } }`;
const frame = (good: boolean, ...payload: number[]): Buffer => {
  const sum = crc('crc16-modbus', Uint8Array.from(payload)) ^ (good ? 0 : 1);
  return Buffer.from([0xaa, 0x55, payload.length, ...payload, sum & 0xff, sum >> 8]);
};

describe('a failed run with retries', () => {
  const VALUE = `- { verb: request, name: v, text: V?, expect: '^V=(\\d+)$', withinMs: 150, retries: 3, retryDelayMs: 20, measure: [{ name: v, group: 1, as: number, limits: { min: 5 } }] }`;
  /** What the unit says to each of the questions, in order; then nothing. */
  const saying = (...said: (string | Buffer | null)[]): ScriptedUnit => {
    let asked = 0;
    return (_bytes, say) => {
      const answer = said[asked++] ?? null;
      if (answer !== null) say(answer);
    };
  };

  // Null where it depends on the moment how often it is tried.
  it.runIf(LONG).each<[string, string, ScriptedUnit, number | null]>([
    ['silence', VALUE, saying(), 4],
    ['wrong values, the last too', VALUE, saying('V=1\r\n', 'V=2\r\n', 'V=3\r\n', 'V=4\r\n'), 4],
    [
      'silence, noise, another answer, a right one',
      VALUE,
      saying(null, Buffer.alloc(20, 0xfe), 'ERR\r\n', 'V=9\r\n'),
      4,
    ],
    [
      'an answer that came too late',
      VALUE,
      (_bytes, say) => void setTimeout(() => say('V=9\r\n'), 165),
      null,
    ],
    [
      'frames, cut in two and with wrong checksums',
      `- { verb: request, name: v, frame: '01', expectFrame: '^81(..)$', withinMs: 200, retries: 2, measure: [{ name: v, group: 1, as: hex, limits: { min: 5 } }] }`,
      (() => {
        let asked = 0;
        return (_bytes, say) => {
          const answer = frame(asked++ > 0, 0x81, asked);
          say(answer.subarray(0, 4));
          setTimeout(() => say(answer.subarray(4)), 70);
        };
      })(),
      3,
    ],
    ['a script', `- { verb: script, name: v, file: own.ts, retries: 1 }`, saying('V=1\r\n'), 2],
  ])('by %s is replayed with the same attempts', async (_what, steps, peer, attempts) => {
    const own = `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ device, measure }: any) => {
  const first = await Promise.race([device.request('V?', { expect: /^V=(\\d)$/, withinMs: 150 }), device.expect(/^ERR/, { withinMs: 100 }).catch(() => new Promise(() => 0))]);
  await measure('v', Number(first.captures[0]), { limits: { min: 5 } });
});`;
    await using run = await recorded(steps, peer, steps.includes('script') ? { 'own.ts': own } : {});
    const made = [...run.recording.entries.values()].filter(
      (entry) => entry.type === 'attempt' && entry.attempt.step === 'v',
    );
    expect(made).toHaveLength(attempts ?? made.length);
    await expectSameAgain(run.dataDir, run.result, 2);
  });
});

describe('a changed recipe', () => {
  const ask = (text: string, more = ''): string =>
    `- { verb: request, name: ${text.toLowerCase()}, text: '${text}?', expect: '^${text}=(\\d+)$', withinMs: 5000, measure: [{ name: ${text.toLowerCase()}, group: 1, as: number, limits: { min: 5 } }]${more} }`;
  const answering: ScriptedUnit = (bytes, say) => {
    const asked = /([A-Z])\?/.exec(bytes.toString())?.[1];
    if (asked !== undefined) say(`${asked}=${asked === 'V' ? 3 : 7}\r\n`);
  };

  it('that retries a step that was tried once has no certain outcome, and makes no further attempts', async () => {
    await using run = await recorded(`${ask('A')}\n${ask('V')}`, answering);
    const again = await tried(run.recording, `${ask('A')}\n${ask('V', ', retries: 5')}`, FRAMES);
    expect(outcomes(again)).toEqual(['identify 1 PASS PASS', 'a 1 PASS PASS', 'v 1 FAIL FAIL', 'v 2 - ?']);
    expect(again).toMatchObject({ recorded: 'FAIL', replayed: null, failure: null, same: false });
    expect(again.firstUnanswered).toMatchObject({ phase: 'test', step: 'v', attempt: 2 });
  });

  it('that awaits a single message twice has no certain outcome', async () => {
    const wait = (more: string): string =>
      `${ask('A')}\n- { verb: expect, name: late, expect: '^LATE$', withinMs: 100${more} }`;
    await using run = await recorded(wait(''), answering);
    const again = await tried(run.recording, wait(', retries: 2'), FRAMES);
    expect(outcomes(again).slice(2)).toEqual(['late 1 FAIL FAIL', 'late 2 - ?']);
    expect(again).toMatchObject({ replayed: null, failure: null });
  });

  it('that waits longer after silence has no certain outcome; one that waits less has', async () => {
    const wait = (ms: number): string =>
      `${ask('A')}\n- { verb: expect, name: late, expect: '^LATE$', withinMs: ${ms} }`;
    await using run = await recorded(wait(120), answering);
    expect(await tried(run.recording, wait(2000), FRAMES)).toMatchObject({
      recorded: 'FAIL',
      replayed: null,
    });
    const less = await tried(run.recording, wait(60), FRAMES);
    expect(less).toMatchObject({
      replayed: 'FAIL',
      failure: { code: 'device-silent' },
      firstUnanswered: null,
    });
  });

  it('that waits longer while the unit sends by itself has no certain outcome', async () => {
    const chatting: ScriptedUnit = (bytes, say) => {
      answering(bytes, say);
      if (/A\?/.test(bytes.toString())) say('TICK=1\r\nTICK=2\r\n');
    };
    const tick = (pattern: string, ms: number): string =>
      `${ask('A')}\n- { verb: expect, name: tick, expect: '^${pattern}$', withinMs: ${ms} }`;
    await using run = await recorded(tick('TICK=1', 5000), chatting);
    for (const ms of [5000, 20_000]) {
      const other = await tried(run.recording, tick('TOCK=1', ms), FRAMES);
      expect(other).toMatchObject({ recorded: 'PASS', replayed: null, failure: null, same: false });
      expect(outcomes(other).at(-1)).toBe('tick 1 PASS ?');
    }
    // Another answer to what was sent is an answer.
    const strict = await tried(run.recording, ask('A').replace('=(\\d+)$', '=(\\d\\d)$'), FRAMES);
    expect(strict).toMatchObject({ replayed: 'FAIL', failure: { step: 'a' } });
  });

  it('that reads more bytes than were awaited has no certain outcome', async () => {
    const own = (count: number): string => `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ device }: any) => {
  await device.send('A?');
  await device.read({ count: ${count}, withinMs: 5000 });
});`;
    const steps = '- { verb: script, name: own, file: own.ts }';
    await using run = await recorded(steps, answering, { 'own.ts': own(4) });
    const files = new Map([['own.ts', new TextEncoder().encode(own(9))]]);
    const other = await replayRun(
      run.recording,
      { recipe: parseRecipe(describedRecipe(steps, { device: FRAMES }), 'changed', files) },
      soon(),
    );
    expect(other).toMatchObject({ recorded: 'PASS', replayed: null, failure: null, same: false });
  });

  it('with another request has no certain outcome; one with the same request elsewhere has', async () => {
    await using run = await recorded(`${ask('A')}\n${ask('B')}`, answering);
    for (const steps of [
      `${ask('A')}\n${ask('C')}`,
      `${ask('A')}\n${ask('B')}\n${ask('B').replace('name: b', 'name: b2')}`,
    ]) {
      const other = await tried(run.recording, steps, FRAMES);
      expect(other).toMatchObject({ recorded: 'PASS', replayed: null, failure: null, same: false });
      expect(outcomes(other)).toContainEqual(expect.stringMatching(/ \?$/));
    }
    expect(await tried(run.recording, `${ask('B')}\n${ask('A')}`, FRAMES)).toMatchObject({
      replayed: 'PASS',
      firstUnanswered: null,
    });
  });

  it('that fails before another request has failed', async () => {
    await using run = await recorded(`${ask('A')}\n${ask('B')}`, answering);
    const strict = `${ask('A').replace('min: 5', 'min: 8').replace('withinMs', 'onFail: continue, withinMs')}\n${ask('C')}`;
    const other = await tried(run.recording, strict, FRAMES);
    expect(other).toMatchObject({ replayed: 'FAIL', failure: { step: 'a' } });
    expect(outcomes(other)).toContain('c 1 - ?');
  });
});

it('a replay uses nothing outside of the recording, for any recipe', async () => {
  const heard: string[] = [];
  const servers = ['unit', 'board'].map((name) =>
    createServer((socket: Socket) => {
      heard.push(`${name} opened`);
      socket.on('error', () => undefined);
      socket.on('data', (bytes: Buffer) => {
        heard.push(`${name} ${bytes.toString().trim()}`);
        if (name === 'unit') socket.write(bytes.includes('MAC?') ? 'AABBCCDDEE01\r\n' : 'V=7\r\n');
        else socket.write(bytes.includes('read') ? '\r\n1\r\n>' : '\r\n>');
      });
    }).listen(0, '127.0.0.1'),
  );
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const [unit = '', board = ''] = servers.map(
    (server) => `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
  );
  const device = `  board: { kind: numato, settleMs: 1 }`;
  const own = `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ device, board, prompt, measure }: any) => {
  await board.power('cycle', { offMs: 5, settleMs: 5 });
  await board.relay(5, true);
  await measure('pin', await board.pin(3), { limits: { equals: 1 } });
  await device.request('V?', { expect: /^V=7$/ });
});`;
  const steps = `- { verb: power, to: cycle, offMs: 5 }
- { verb: read-pin, pin: 2, measure: { name: pin, limits: { equals: 1 } } }
- { verb: request, text: 'V?', expect: '^V=(\\d)$' }
- { verb: script, file: own.ts, relays: [5] }`;
  await using setup = await startStation({
    recipe: parsedRecipe(describedRecipe(steps, { device }), { 'own.ts': own }),
    config: { slots: [{ slot: 1, portPath: unit, boardPath: board }] },
  });
  const result = await setup.run();
  expect(result.failure).toBeNull();
  expect(heard).toEqual(
    expect.arrayContaining(['unit MAC?', 'board gpio read 3', 'board relay on 5', 'board relay off 0']),
  );
  heard.length = 0;
  await expectSameAgain(`${setup.dir}/station`, result, 1);
  const recording = readRecording(findRecording(`${setup.dir}/station`, result.runId));
  const files = new Map([
    ['own.ts', new TextEncoder().encode(own.replace('pin(3)', 'pin(7)').replace('relay(5', 'relay(6'))],
  ]);
  const more = `${steps.replace('[5]', '[6]')}
- { verb: prompt, kind: confirm, ask: { zh-CN: 好, en: Good } }`;
  const other = await replayRun(
    recording,
    // The check would refuse the last step.
    { recipe: parseRecipe(describedRecipe(more, { device }), 'changed', files, { acceptedBefore: true }) },
    soon(),
  );
  expect(other).toMatchObject({ replayed: null, same: false });
  expect(heard).toEqual([]);
  for (const server of servers) server.close();
});
