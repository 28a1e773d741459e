import { tmpdir } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { DevicePort } from '../../../../station/core/platform/index.ts';
import type { Measurement, RunContext } from '../../../../station/execution/run-context/run-context.ts';

import { SecretMask } from '../../../../station/core/secret-mask/index.ts';
import { SerialIo } from '../../../../station/devices/serial-io/index.ts';
import { RunScope } from '../../../../station/execution/run-context/run-scope.ts';
import { script } from '../../../../station/execution/verbs/script.ts';
import { Scripts } from '../../../../station/execution/scripts/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { soon } from '../../../support/patience.ts';
import { LONG } from '../../../support/depth.ts';

const scripts = new Scripts(tmpdir());

/** Runs a step with `body` as its script, at a unit that says nothing. */
async function run(
  body: string,
  hooks: {
    write?: () => Promise<void>;
    note?: () => void;
    unit?: (say: (bytes: Uint8Array) => void) => void;
  } = {},
) {
  let hear: ((bytes: Uint8Array) => void) | null = null;
  const source = `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ device, measure, log, set, prompt, fail }: any) => { ${body} });`;
  const port: DevicePort = {
    path: 'port',
    write:
      hooks.write ??
      (() => {
        setImmediate(() => hooks.unit?.((bytes) => hear?.(bytes)));
        return Promise.resolve();
      }),
    onData: (next) => void (hear = next),
    onLost: () => undefined,
    setControlLines: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const clock = manualClock();
  const measured: Measurement[] = [];
  const context = {
    files: new Map([['own.ts', new TextEncoder().encode(source)]]),
    scripts,
    scope: new RunScope(() => '', []),
    serialNumber: 'SN',
    unit: null,
    bound: null,
    note: hooks.note ?? (() => undefined),
    io: { busy: () => ({ [Symbol.dispose]: () => undefined }) },
    measure: (value: Measurement) => void measured.push(value),
    serial: new SerialIo(port, { clock, mask: new SecretMask(), framing: null }),
    platform: { clock },
  } as unknown as RunContext;
  const step = {
    verb: 'script' as const,
    file: 'own.ts',
    with: {},
    sets: ['lot'],
    relays: [],
    instruments: [],
  };
  await script(step, context, soon());
  return measured;
}

describe('a script whose patterns are slow', () => {
  it('is limited to its share of processor time', async () => {
    const slow = `measure('m', 'a'.repeat(4096), { limits: { pattern: '.*'.repeat(1200) + '!' } }).catch(() => 0);`;
    const fault = await faultOf(() => run(`for (let i = 0; i < 100; i++) await ${slow}`));
    expect(fault).toMatchObject({
      code: 'script-failed',
      message: /patterns that take too long .* 134217728/,
    });
  });

  it.runIf(LONG)('may wait for a line in a long log, piece by piece', async () => {
    const piece = Buffer.from('I (4711) wifi: a line of the log\r\n'.repeat(8));
    const unit = (say: (bytes: Uint8Array) => void): void => {
      for (let said = 0; said < 3 * 1024 ** 2; said += piece.length) say(piece);
      say(Buffer.from('READY\r\n'));
    };
    await run(`await device.request('BOOT', { expect: /^READY$/ });`, { unit });
  });

  it('lets other work run after each of its searches', async () => {
    let turn = 0;
    let over = false;
    const others = (async () => {
      for (; !over; turn++) await nextTurn();
    })();
    const turns: number[] = [];
    const slow = `measure('m', 'a'.repeat(1500), { limits: { pattern: '.*'.repeat(30) } }); log('');`;
    await run(`for (let i = 0; i < 16; i++) { ${slow} }`, { note: () => void turns.push(turn) });
    over = true;
    await others;
    expect(turns).toHaveLength(16);
    expect(new Set(turns).size).toBe(16);
  });

  it('many patterns that are not slow are no matter', async () => {
    const own = `await measure('m' + i, 'V1.' + i, { limits: { pattern: '^V(\\\\d+)\\\\.(\\\\d+)$' } });`;
    expect(await run(`for (let i = 0; i < 500; i++) ${own}`)).toHaveLength(500);
  });
});

it('a send that a script does not await is dropped at its end', async () => {
  const sending: (() => void)[] = [];
  const write = (): Promise<void> => new Promise((resolve) => void sending.push(resolve));
  await run(`for (let i = 0; i < 200; i++) device.send('REBOOT').catch(() => 0);`, { write });
  const atEnd = sending.length;
  expect(atEnd).toBeGreaterThan(0);
  // What waits behind these would be sent as soon as they are.
  for (const end of sending) end();
  for (let turns = 0; turns < 10; turns += 1) await nextTurn();
  expect(sending).toHaveLength(atEnd);
});

describe('what a person reads of a script', () => {
  it.each([
    [
      'measures',
      `for (let i = 0; i < 1000; i++) measure('m' + i, 'x'.repeat(4000), { limits: { equals: 'y'.repeat(9000) } });`,
    ],
    [
      'is wrong',
      `const limits = {}; for (let i = 0; i < 9000; i++) limits['k' + i] = 1; await measure('m', 1, { limits });`,
    ],
  ])('that %s is short', async (_what, body) => {
    const { message, details } = await faultOf(() => run(body));
    expect(message.length + JSON.stringify(details).length).toBeLessThan(16_000);
  });

  it('of a call that is refused says what is right', async () => {
    const refused: [call: string, message: RegExp][] = [
      ["await measure('ma', NaN)", /^\S+: measure ma: must be a number \(not NaN\)/],
      [
        "await measure('id', Number('9007199254740993'))",
        /measure id: 9007199254740992 is beyond the integers that a number holds exactly .*: pass the unit's text$/,
      ],
      ["await measure('ma', undefined)", /measure ma: must be a number/],
      ["await set('lot', { a: 1 })", /set lot: must be a number/],
      ["await set('lot', Number('x'))", /set lot: must be a number/],
      ['await device.send(42)', /send: must be a text or a Uint8Array/],
      ["await device.sendFrame('0')", /sendFrame: must be a Uint8Array, or bytes in hex/],
      ["await device.request('V?')", /request: expect must be a regular expression/],
      ['await device.read({ count: 70000 })', /read: count must be at most 65536$/],
      ['await prompt({ kind: "confirm", ask: 5 })', /prompt: ask must be a text of at most/],
      [
        "await measure('ma', 3, { limit: { min: 4 } })",
        /measure ma: limit is unknown here; did you mean limits\?$/,
      ],
      [
        "await measure('ma', 3, { limits: { mim: 4 } })",
        /measure ma: limits mim is unknown here; did you mean min\?$/,
      ],
      [
        "await measure('ma', '3.3', { limits: { min: 4 } })",
        /measure ma: "3\.3" is not a number, .* measure Number\(…\)$/,
      ],
      [
        "await measure('ma', 5, { limits: { equals: '5' } })",
        /measure ma: "5" is a number, and limits\.equals is a string$/,
      ],
      ["await measure('ma', 3, { unit: 5 })", /measure ma: unit must be a text, not 5/],
      ["await set('lot', 'x'.repeat(5000))", /set lot: must have at most 4096 characters, not 5000$/],
      [
        'await device.expect(/V/, { withinMS: 5 })',
        /expect: withinMS is unknown here; did you mean withinMs\?$/,
      ],
      [
        'await device.request("V?", { expect: /V/, ends: "lf" })',
        /request: ends is unknown here; did you mean end\?$/,
      ],
      [
        'await prompt({ kind: "passfail", ask: "?" })',
        /prompt: kind is not the text "passfail"; did you mean pass-fail\?$/,
      ],
    ];
    // One script makes all calls: each start of a script takes half a second of the processor.
    const body = refused.map(
      ([call], n) =>
        `await (async () => { ${call}; })().then(() => 'done', (error) => error.message).then((said) => measure('call' + ${n}, said));`,
    );
    const said = await run(body.join('\n'));
    expect(said).toHaveLength(refused.length);
    refused.forEach(([call, message], n) => {
      expect(said[n]?.value, call).toMatch(message);
      expect(said[n]?.value, call).not.toMatch(/Invalid|object Object|expected/);
    });
  });

  it.each([
    ['throw { message: "no light" }', /no light$/],
    ['throw { lamp: 3 }', /^own\.ts: \{"lamp":3\}$/],
    ['fail()', /fails the unit without a reason$/],
  ])('of %s is its reason', async (body, message) => {
    expect((await faultOf(() => run(`${body};`))).message).toMatch(message);
  });

  it('names the line of the call that was refused', async () => {
    const fault = await faultOf(() => run('\nawait measure("a", 1);\n  await device.send(42);'));
    expect(fault.message).toMatch(/^own\.ts:4:16: send: must be a text/);
  });

  it('a break of no length is refused', async () => {
    const fault = await faultOf(() => run('await device.setLines({ breakMs: -1 });'));
    expect(fault).toMatchObject({ code: 'recipe-invalid', message: /breakMs/ });
  });
});
