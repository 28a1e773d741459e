import { tmpdir } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault } from '#shared/domain/fault.ts';
import { compileScript } from '../../../../station/execution/scripts/compile-script.ts';
import { findScriptSandbox, type ScriptCall } from '../../../../station/execution/scripts/index.ts';
import { runScript } from '../../../../station/execution/scripts/run-script.ts';
import type { ScriptSandbox } from '../../../../station/execution/scripts/script-sandbox.ts';
import { parseScriptMessage } from '../../../../station/execution/scripts/script-message.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { soon } from '../../../support/patience.ts';
import { partOf } from '../../../support/rotation.ts';

const sandbox = findScriptSandbox(process.execPath, process.platform, tmpdir());
const limited = process.platform === 'linux';

/** Runs `body` as a script, or, with `instead`, a process that says what it likes. */
async function run(
  body: string,
  { instead, perform }: { instead?: ScriptSandbox; perform?: (call: ScriptCall) => Promise<unknown> } = {},
): Promise<void> {
  const source = `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ device, measure, log, wait }: any) => { ${body} });`;
  const bytes = new TextEncoder().encode(source);
  const signal = soon();
  await runScript(
    {
      file: 'own.ts',
      code: (await compileScript('own.ts', bytes, await sandbox, signal)).code,
      options: {},
      unit: {},
    },
    {
      log: () => undefined,
      stepsTaken: () => 0,
      busy: () => ({ [Symbol.dispose]: () => undefined }),
      perform: perform ?? (() => Promise.resolve(true)),
    },
    instead ?? (await sandbox),
    signal,
  );
}

const refused = (body: string, options?: Parameters<typeof run>[1]): Promise<Fault> =>
  faultOf(() => run(body, options));

describe('a script has a bound, and its fault names it, for', () => {
  it.runIf(limited)('byte arrays, though the heap knows little of them', async () => {
    let tookMiB = 0;
    const fault = await refused(
      'const all = []; for (;;) { all.push(new Uint8Array(4 << 20).fill(1)); await measure("MiB", 4 * all.length); }',
      { perform: ({ args }) => Promise.resolve((tookMiB = Number(args[1]))) },
    );
    expect(fault).toMatchObject({ code: 'script-failed' });
    expect(fault.message).toMatch(/^own\.ts.*: needs more memory .* 256 MiB/);
    expect(tookMiB).toBeGreaterThan(32);
    expect(tookMiB).toBeLessThanOrEqual(256);
  });

  it.runIf(process.platform !== 'win32')('byte arrays, where no kernel bounds them', async () => {
    const all =
      'const all = []; while (all.length < 100) all.push(new Uint8Array(4 << 20).fill(1)); await wait(all.length);';
    // It keeps what it took for as long as it is let.
    const perform = (): Promise<never> => new Promise(() => undefined);
    const fault = await refused(all, { perform, instead: { restrictions: [], command: [] } });
    expect(fault.message).toMatch(/^own\.ts: needs more memory .* 256 MiB/);
  });

  it.each(
    partOf(
      [
        ['one message', `await log('x'.repeat(2 << 20));`, /too much in one message .* 1048576 bytes/],
        ['all messages', `for (;;) await log('x'.repeat(1 << 20 - 1));`, /too many bytes in all .* 16777216/],
        [
          'calls in all',
          `for (;;) await Promise.all(Array.from({ length: 200 }, () => log('')));`,
          /too many calls .* 100000/,
        ],
        ['measurements', `for (;;) measure('m', 1);`, /measures too many values .* 2000/],
      ],
      2,
    ),
  )('%s', async (_what, body, words) => {
    const fault = await refused(body);
    expect(fault).toMatchObject({ code: 'script-failed' });
    expect(fault.message).toMatch(words);
  });

  it('calls under way at once', async () => {
    let begun = 0;
    const never = (): Promise<never> => {
      begun += 1;
      return new Promise(() => undefined);
    };
    const fault = await refused('for (;;) wait(1);', { perform: never });
    expect(fault.message).toMatch(/too many calls under way at once .* 256/);
    expect(begun).toBe(256);
  });
});

it('a script that floods leaves every turn to the others after a few of its calls', async () => {
  let turn = 0;
  let over = false;
  const perTurn = new Map<number, number>();
  const others = (async () => {
    for (; !over; turn++) await nextTurn();
  })();
  await run('for (let i = 0; i < 1500; i++) measure("m", i);', {
    perform() {
      perTurn.set(turn, (perTurn.get(turn) ?? 0) + 1);
      return Promise.resolve(true);
    },
  });
  over = true;
  await others;
  expect([...perTurn.values()].reduce((sum, calls) => sum + calls, 0)).toBe(1500);
  expect(Math.max(...perTurn.values())).toBeLessThanOrEqual(64);
});

describe('any output of a script process ends only its step', () => {
  const saying = (program: string): ScriptSandbox => ({
    restrictions: [],
    command: [process.execPath, '-e', program, '--'],
  });
  it.each([
    ['null', `console.log('null')`],
    ['a failure without an error', `console.log(JSON.stringify({ kind: 'failed' }))`],
    [
      'a call without a number',
      `console.log(JSON.stringify({ kind: 'call', id: null, call: 'log', args: [] }))`,
    ],
    ['no JSON', `console.log('{')`],
    ['depth', `console.log('['.repeat(900000))`],
    [
      'no line at all',
      `const x = Buffer.alloc(1 << 20, 65); const more = () => process.stdout.write(x, more); more()`,
    ],
    ['nothing', ''],
  ])('%s', async (_what, program) => {
    expect(
      await refused('', { instead: saying(`${program};setTimeout(() => process.exit(), 50)`) }),
    ).toMatchObject({
      code: 'script-failed',
    });
  });

  it('any text: a message or nothing', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ kind: fc.constantFrom('call', 'failed', 'done', 'output'), id: fc.anything() })
        .map((value) => {
          try {
            return JSON.stringify(value);
          } catch {
            return '';
          }
        }),
    );
    fc.assert(
      fc.property(text, (line) => {
        const message = parseScriptMessage(line);
        return message === null || ['call', 'failed', 'done', 'output'].includes(message.kind);
      }),
    );
  });

  it('a program that is not there', async () => {
    const fault = await refused('', { instead: { restrictions: [], command: ['/nowhere/node'] } });
    expect(fault).toMatchObject({ code: 'tool-missing' });
  });
});
