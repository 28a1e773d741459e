import { afterEach, expect, it } from 'vitest';
import type { RunResult } from '#station';
import { expectSameAgain } from '../replay/replay-support.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { scripted, type ScriptedUnits, type ScriptedUnit } from '../../../kit/units.ts';
import { describedRecipe } from '../../../kit/recipes.ts';

let setup: TestStation<ScriptedUnits> | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

async function run(
  steps: string,
  peer: ScriptedUnit,
  encoding = 'utf-8',
): Promise<{ result: RunResult; measured: Record<string, unknown>; steps: string[] }> {
  const recipe = describedRecipe(steps).replace(
    'baudRate: 115200',
    `baudRate: 115200, encoding: ${encoding}`,
  );
  setup = await startStation({ units: scripted([peer]), recipe });
  const result = await setup.run();
  const { runs } = setup.station.database;
  return {
    result,
    measured: Object.fromEntries(runs.listMeasurements(result.runId).map(({ name, value }) => [name, value])),
    steps: runs
      .listSteps(result.runId)
      .slice(1)
      .map(({ step, failure }) => `${step} ${failure?.code ?? 'PASS'}`),
  };
}

const TEMPERATURE = Buffer.from('cec2b6c83d3235a1e60d0a', 'hex'); // 温度=25℃ in GB18030
const STATE = `- { verb: request, name: state, text: '温度?', expect: '^(.*)=(\\d+)(.*)$', withinMs: 5000, measure: [{ name: what, group: 1 }, { name: degrees, group: 2, as: number }] }`;

it('a console in GB18030 is asked and read in its encoding', async () => {
  let heard = '';
  const peer: ScriptedUnit = (bytes, say) => {
    heard += bytes.toString('hex');
    say(TEMPERATURE);
  };
  const { result, measured } = await run(STATE, peer, 'gb18030');
  expect(result.failure).toBeNull();
  expect(heard).toBe('cec2b6c83f0d0a');
  expect(measured).toEqual({ what: '温度', degrees: 25 });
});

it('and without the setting its text is refused, with the setting named', async () => {
  const { result, measured } = await run(STATE, (_bytes, say) => say(TEMPERATURE));
  expect(result.failure).toMatchObject({ code: 'device-garbled', hint: /device\.serial\.encoding/ });
  expect(measured).toEqual({});
});

it.each(['41004200', '4142ff'])(
  'a text with noise between its characters (%s) is not recorded',
  async (bytes) => {
    const name = `- { verb: request, name: name, text: 'NAME?', expect: '^N=(.*)$', measure: [{ name: name, group: 1 }] }`;
    const noisy = Buffer.concat([Buffer.from('N='), Buffer.from(bytes, 'hex'), Buffer.from('C\r\n')]);
    const { result, measured } = await run(name, (_bytes, say) => say(noisy));
    expect(result.failure?.code).toBe('device-garbled');
    expect(measured).toEqual({});
  },
);

it('each number is recorded exactly as sent, or refused', async () => {
  const said = [
    '812',
    '12345678901234567890',
    '0.1000000000000000055511151231257827',
    '4,5',
    '1e400',
    '3301',
  ];
  const steps = said.map(
    (_text, at) =>
      `- { verb: request, name: n${at}, text: 'N${at}', expect: '^N=(\\S+)$', withinMs: 5000, onFail: continue, measure: [{ name: n${at}, group: 1, as: number${at === 5 ? ', scale: 0.001' : ''} }] }`,
  );
  const { measured, steps: done } = await run(steps.join('\n'), (bytes, say) => {
    const at = Number(/N(\d)/.exec(bytes.toString())?.[1]);
    say(`\x1b[0;32mN=${said[at] ?? ''}\x1b[0m\r\n`);
  });
  expect(measured).toEqual({ n0: 812, n2: 0.1, n5: 3.301 });
  expect(done.filter((one) => !one.endsWith('PASS'))).toEqual([
    'n1 device-garbled',
    'n3 device-garbled',
    'n4 device-garbled',
  ]);
});

it('a send that the port does not take ends with its step, and so does the run', async () => {
  const eight = '[1, 2, 3, 4, 5, 6, 7, 8]';
  const { result, steps } = await run(
    `- { verb: request, name: stop, text: STOP, expect: '^OK' }
- { verb: send, name: stuck, hex: '${'55'.repeat(2000)}', forEach: { a: ${eight}, b: ${eight}, c: [1, 2] }, timeoutMs: 300 }`,
    (bytes, say) => {
      if (!bytes.includes('STOP')) return;
      say('OK\r\n');
      // Nobody takes anything from here on, as with RTS and CTS when the unit holds CTS back.
      setup?.units.ptys[0]?.master.pause();
    },
  );
  expect(result).toMatchObject({ outcome: 'TIMEOUT', failure: { code: 'timeout' } });
  expect(steps.at(-1)).toMatch(/^stuck\..* timeout$/);
  expect(steps.length).toBeLessThan(129);
  setup?.units.ptys[0]?.master.resume();
  await expectSameAgain(`${setup?.dir ?? ''}/station`, result, 1);
});

/** The same device as an AT module; `answer` comes before the OK of `AT+X`. */
async function runAt(step: string, answer: string) {
  const text = describedRecipe(`- { verb: at-command, name: x, send: AT+X, ${step} }`)
    .replace('profile: described', 'profile: at-module')
    .replace(/ {2}identify:\n.*\n/, '');
  setup = await startStation({
    units: scripted([
      (bytes, say) => {
        const asked = bytes.toString();
        if (asked.includes('TCMODULE')) say('Module Mac addr: a2b716ca2c1d\r\n');
        say(asked.includes('AT+X') ? Buffer.from(`${answer}\r\nOK\r\n`, 'latin1') : 'OK\r\n');
      },
    ]),
    recipe: text,
  });
  const result = await setup.run();
  return {
    result,
    measured: setup.station.database.runs.listMeasurements(result.runId).map(({ value }) => value),
  };
}

it('an AT module’s text with noise between its characters is not recorded', async () => {
  const name = `expect: '^\\+X:(.*)$', measure: [{ name: x, group: 1 }]`;
  const good = await runAt(name, '\0\x1b[0;32m+X:ab c\x1b[0m\xff');
  expect(good).toMatchObject({ result: { outcome: 'PASS' }, measured: ['ab c'] });
  await setup?.[Symbol.asyncDispose]();
  const noisy = await runAt(name, '+X:ab\0c');
  expect(noisy).toMatchObject({ result: { failure: { code: 'device-garbled' } }, measured: [] });
});

it('an answer of an AT module that does not match is reported', async () => {
  const { result } = await runAt(`expect: '^\\+X:(\\d+)$'`, '+X:none');
  expect(result.failure?.message).toBe(String.raw`AT+X: the answer does not match /^\+X:(\d+)$/: "+X:none"`);
});

it('a unit without line ends is identified with wholeLines: false', async () => {
  const asking = (more: string): string =>
    describedRecipe('- { verb: wait, ms: 1 }').replace(
      /text: 'MAC\?'.*/,
      () => `text: 'ID?', withinMs: 1000, ${more} }`,
    );
  const identified = async (more: string): Promise<RunResult> => {
    setup = await startStation({
      units: scripted([(bytes, say) => (bytes.includes('ID?') ? say('ID A4C138000001') : undefined)]),
      recipe: asking(`${more}expect: '^ID (?<mac>[0-9A-F]{12})$'`),
    });
    const result = await setup.run();
    await setup[Symbol.asyncDispose]();
    return result;
  };
  expect(await identified('wholeLines: false, ')).toMatchObject({ outcome: 'PASS', chipId: 'A4C138000001' });
  expect((await identified('')).failure).toMatchObject({
    message: 'ID?: the answer matches, but its line does not end: "ID A4C138000001"',
    hint: /wholeLines: false beside the pattern/,
  });
});

it('a dump in one line is compared with its limits as a whole, and recorded by its digest', async () => {
  const step = (more: string): string =>
    `- { verb: request, name: dump, text: 'DUMP?', expect: '^DUMP (\\S+)$', withinMs: 10000, ${more} }`;
  const measure = `measure: [{ name: dump, group: 1, limits: { pattern: '^(?:A5)+5A$' } }]`;
  const peer: ScriptedUnit = (bytes, say) => {
    if (bytes.includes('DUMP?')) say(`DUMP ${'A5'.repeat(20_000)}5A\r\n`);
  };
  const { result, measured } = await run(step(measure), peer);
  expect(result.outcome).toBe('PASS');
  expect(measured['dump']).toMatch(/^(?:A5){16}… \(40002 characters, SHA-256 [0-9a-f]{64}\)$/);
  await setup?.[Symbol.asyncDispose]();
  const captured = await run(step('capture: { dump: 1 }'), peer);
  expect(captured.result.failure?.message).toBe('DUMP?: dump has 40002 characters, too many for a variable');
});
