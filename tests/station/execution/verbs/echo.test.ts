import { afterEach, expect, it } from 'vitest';
import { encodeFrame } from '#shared/codec/frames.ts';
import { expectSameAgain } from '../replay/replay-support.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { scripted, type ScriptedUnits, type ScriptedUnit } from '../../../kit/units.ts';
import { describedRecipe, parsedRecipe } from '../../../kit/recipes.ts';

let setup: TestStation<ScriptedUnits> | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

const CRC = { kind: 'crc16-modbus', order: 'little' } as const;
const frame = (payload: string): Buffer => {
  const framing = { start: new Uint8Array(), silenceMs: 25, checksum: CRC, maxPayloadBytes: 64 };
  const made = encodeFrame(framing, Buffer.from(payload, 'hex'));
  return Buffer.from(made.ok ? made.bytes : []);
};

/** What this unit answers; each answer to a question of the table begins as the question does. */
const ANSWERS: readonly (readonly [asked: Buffer, answer: string | Buffer])[] = [
  [Buffer.from('WHO\n'), 'WHO AABBCCDDEE01\r\n'],
  [Buffer.from('V=\r\n'), 'V=3301\r\nOK\r\n'],
  [frame('01060001002a'), frame('01060001002a')],
  [frame('010300040001'), frame('0103020007')],
  [Buffer.from('ff5a0d0a', 'hex'), Buffer.from('ff5a0d0a', 'hex')],
  [Buffer.from('GO\r\n'), 'GO ON 7\r\n'],
  [Buffer.from('S\r\n'), 'S\r\nS 12\r\n'],
];
/** With so much time for each answer. */
const stepsWithin = (
  withinMs: number,
): string => `- { verb: request, name: text, text: V=, expect: '^V=', withinMs: ${withinMs}, onFail: continue }
- { verb: request, name: frame, frame: '01060001002A', expectFrame: '^0106', withinMs: ${withinMs}, onFail: continue }
- { verb: request, name: hex, hex: FF5A0D0A, expect: 'Z', withinMs: ${withinMs}, onFail: continue }
- { verb: send, name: go, text: GO, onFail: continue }
- { verb: expect, name: event, expect: '^GO', withinMs: ${withinMs}, onFail: continue }
- { verb: script, name: own, file: own.ts, onFail: continue }`;
const only = (withinMs: number, ...names: string[]): string =>
  stepsWithin(withinMs)
    .split('\n')
    .filter((step) => names.some((name) => step.includes(`name: ${name},`)))
    .join('\n');
const scriptWithin = (withinMs: number): string => `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ device, measure }: any) => {
  await device.request('S', { expect: /^S$/, withinMs: ${withinMs} });
  await device.send('S');
  await measure('bytes', (await device.read({ quietMs: 200, withinMs: ${withinMs} })).length);
});`;

type Say = Parameters<ScriptedUnit>[1];
type Bus = (echo: Buffer, answer: Buffer, say: Say) => void;

/** Frames that end with a pause of this length. */
const framesAfter = (silenceMs: number): string =>
  `{ silenceMs: ${silenceMs}, checksum: { kind: crc16-modbus } }`;

/** One run of a unit on such a bus; the steps behind identify, each with the code of its fault. */
async function run(
  bus: Bus,
  {
    isAnswering = true,
    echo = true,
    withinMs = 5000,
    todo = stepsWithin(withinMs),
    frames = framesAfter(25),
  } = {},
) {
  const recipe = describedRecipe(todo, {
    device: `  echo: ${echo}\n  frames: ${frames}`,
  }).replace(/text: 'MAC\?'.*/, () => "text: WHO, end: lf, expect: '^WHO (?<mac>[0-9A-F]{12})$' }");
  let asked = Buffer.alloc(0);
  const peer: ScriptedUnit = (bytes, say) => {
    asked = Buffer.concat([asked, bytes]);
    const found = ANSWERS.find(([question]) => question.equals(asked));
    if (found === undefined) return;
    asked = Buffer.alloc(0);
    const answers = isAnswering || found[0].includes('WHO');
    bus(found[0], Buffer.from(answers ? found[1] : ''), say);
  };
  setup = await startStation({
    units: scripted([peer]),
    recipe: parsedRecipe(recipe, { 'own.ts': scriptWithin(withinMs) }),
  });
  const result = await setup.run();
  const steps = setup.station.database.runs
    .listSteps(result.runId)
    .map(({ step, failure }) => `${step} ${failure?.code ?? 'PASS'}`);
  return { result, steps, again: () => expectSameAgain(`${setup?.dir ?? ''}/station`, result, 1) };
}

const later = (ms: number, ...work: (() => void)[]): void =>
  work.forEach((one, at) => void setTimeout(one, ms * (at + 1)));
const AT_ONCE: Bus = (echo, answer, say) => {
  say(echo);
  later(20, () => say(answer));
};
const flipped = (bytes: Buffer, at: number): Buffer => {
  const other = Buffer.from(bytes);
  other[at] = (other[at] ?? 0) ^ 0x01;
  return other;
};
const ALL = ['identify', 'text', 'frame', 'hex', 'go', 'event', 'own'];

it.each<readonly [string, Bus]>([
  ['at once', AT_ONCE],
  [
    'late',
    (echo, answer, say) =>
      later(
        60,
        () => say(echo),
        () => say(answer),
      ),
  ],
  [
    'byte by byte',
    (echo, answer, say) => later(5, ...[...echo].map((b) => () => say(Buffer.of(b))), () => say(answer)),
  ],
  ['together with the answer', (echo, answer, say) => say(Buffer.concat([echo, answer]))],
  [
    'behind a glitch of the driver',
    (echo, answer, say) => say(Buffer.concat([Buffer.of(0xff, 0), echo, answer])),
  ],
])('an echo that comes %s is taken off, and nothing else', async (how, bus) => {
  // A busy computer may take a while between two bytes; a pause of this length ends a frame.
  const silenceMs = how === 'byte by byte' ? 500 : 25;
  const { result, steps, again } = await run(bus, { frames: framesAfter(silenceMs) });
  expect(steps).toEqual(ALL.map((step) => `${step} PASS`));
  expect(setup?.station.database.runs.listMeasurements(result.runId).map(({ value }) => value)).toEqual([9]);
  await again();
});

it('the echo of a silent unit is no answer', async () => {
  const { steps, again } = await run(AT_ONCE, { isAnswering: false, withinMs: 400 });
  expect(steps).toEqual([
    'identify PASS',
    'text device-silent',
    'frame device-silent',
    'hex device-silent',
    'go PASS',
    'event device-silent',
    'own device-silent',
  ]);
  await again();
  // Without the key each of these patterns matches the echo.
  await setup?.[Symbol.asyncDispose]();
  const undeclared = await run(AT_ONCE, { isAnswering: false, echo: false, withinMs: 400 });
  expect(undeclared.steps.slice(1, 4)).toEqual(['text PASS', 'frame PASS', 'hex PASS']);
});

it('an echo that does not come, or not whole, is ERROR, and so is each send behind it', async () => {
  const nothing = await run((echo, answer, say) =>
    echo.includes('WHO') ? AT_ONCE(echo, answer, say) : undefined,
  );
  expect(nothing.result).toMatchObject({
    outcome: 'ERROR',
    failure: {
      code: 'echo-missing',
      step: 'text',
      message: /^the echo of what was sent did not come on \S+ in \d+ ms: 0 of 4 bytes$/,
      hint: /take device\.echo out of the recipe/,
    },
  });
  await nothing.again();
  await setup?.[Symbol.asyncDispose]();
  const short = await run((echo, _answer, say) => say(echo.subarray(0, 3)));
  expect(short.result.failure).toMatchObject({ code: 'echo-missing', message: /: 3 of 4 bytes$/ });
});

it('a changed echo, and an answer without an echo, are FAIL; a retry succeeds after a collision', async () => {
  let times = 0;
  const bit = await run(
    (echo, answer, say) => {
      const isWho = echo.includes('WHO');
      say(Buffer.concat([isWho ? echo : flipped(echo, 1), answer]));
    },
    { todo: only(400, 'text', 'event', 'own') },
  );
  const changed = ['text echo-changed', 'event device-silent', 'own echo-changed'];
  expect(bit.steps.slice(1)).toEqual(changed);
  expect(bit.result.failure?.message).toMatch(
    /^the echo of what was sent came changed on \S+: byte 2 of 4 differs$/,
  );
  await bit.again();
  await setup?.[Symbol.asyncDispose]();
  // The unit answers, the line has no echo; the answer begins as the question does.
  const plain = await run(
    (echo, answer, say) => say(echo.includes('WHO') ? Buffer.concat([echo, answer]) : answer),
    { todo: only(400, 'text', 'frame') },
  );
  expect(plain.steps.slice(1)).toEqual(['text echo-changed', 'frame device-silent']);
  await setup?.[Symbol.asyncDispose]();
  const once = await run(
    (echo, answer, say) => {
      const isCollision = echo.includes('V=') && times++ === 0;
      say(Buffer.concat([isCollision ? flipped(echo, 0) : echo, answer]));
    },
    { todo: only(5000, 'text', 'frame').replace('text: V=,', 'text: V=, retries: 1,') },
  );
  expect(once.steps.slice(0, 4)).toEqual(['identify PASS', 'text echo-changed', 'text PASS', 'frame PASS']);
});

it('of an echo that comes twice one is taken off; in Modbus both, once a read has shown it', async () => {
  const twice: Bus = (echo, answer, say) => say(Buffer.concat([echo, echo, answer]));
  const text = await run(twice, {
    todo: `- { verb: request, name: text, text: V=, expect: '^V=\\d+$', withinMs: 600 }`,
  });
  expect(text.result.failure).toBeNull();
  await setup?.[Symbol.asyncDispose]();
  const write = (name: string): string =>
    `- { verb: request, name: ${name}, frame: '01060001002A', expectFrame: '^0106', withinMs: 600, onFail: continue }`;
  const read = `- { verb: request, name: read, frame: '010300040001', expectFrame: '^010302', withinMs: 600, onFail: continue }`;
  const options = { isAnswering: false, frames: '{ length: modbus }', todo: `${read}\n${write('write')}` };
  const modbus = await run(twice, options);
  expect(modbus.steps.slice(1)).toEqual(['read device-silent', 'write device-silent']);
  await setup?.[Symbol.asyncDispose]();
  // One echo, declared: known before any read, and the answer of a unit that is there counts.
  const declared = { ...options, todo: write('write') };
  expect((await run(AT_ONCE, declared)).steps.slice(1)).toEqual(['write device-silent']);
  await setup?.[Symbol.asyncDispose]();
  expect((await run(AT_ONCE, { ...declared, isAnswering: true })).steps.slice(1)).toEqual(['write PASS']);
});

it('commands of an AT module work on a bus with echo', async () => {
  const recipe = describedRecipe(`- { verb: at-command, name: x, send: AT+X, expect: '^\\+X:(.*)$' }`, {
    device: '  echo: true',
  })
    .replace('profile: described', 'profile: at-module')
    .replace(/ {2}identify:\n.*\n/, '');
  const peer: ScriptedUnit = (bytes, say) => {
    const asked = bytes.toString();
    const said = asked.includes('TCMODULE')
      ? 'Module Mac addr: a2b716ca2c1d\r\n'
      : asked.includes('AT+X')
        ? '+X:1\r\n'
        : '';
    say(Buffer.concat([bytes, Buffer.from(`${said}OK\r\n`)]));
  };
  setup = await startStation({ units: scripted([peer]), recipe });
  expect(await setup.run()).toMatchObject({ outcome: 'PASS', failure: null });
});
