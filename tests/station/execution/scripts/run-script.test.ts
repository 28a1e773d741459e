import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { Scripts, type ScriptCall } from '../../../../station/execution/scripts/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { PATIENCE_MS } from '../../../support/patience.ts';

const scripts = new Scripts(tmpdir());

interface Ran {
  readonly calls: ScriptCall[];
  readonly log: string;
}

async function run(
  source: string,
  options: {
    readonly answers?: Record<string, unknown>;
    readonly ms?: number;
    readonly with?: Record<string, string>;
  } = {},
): Promise<Ran> {
  const calls: ScriptCall[] = [];
  let log = '';
  const order = {
    file: 'own.ts',
    bytes: new TextEncoder().encode(source),
    options: options.with ?? {},
    unit: { serialNumber: 'SN000001' },
  };
  const services = {
    log: (text: string) => void (log += text),
    stepsTaken: () => 0,
    busy: () => ({ [Symbol.dispose]: () => undefined }),
    perform(call: ScriptCall) {
      calls.push(call);
      const answer = options.answers?.[call.call];
      return answer instanceof Fault ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  const timeout = new AbortController();
  const timer = setTimeout(
    () => timeout.abort(new Fault('timeout', 'the step did not end')),
    options.ms ?? PATIENCE_MS,
  );
  try {
    await scripts.run(order, services, timeout.signal);
  } finally {
    clearTimeout(timer);
  }
  return { calls, log };
}

const body = (text: string): string => `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ device, measure, prompt, log, set, fail, options, unit }: any) => {
${text}
});`;

describe('a script', () => {
  it('of any text is made ready at once, also of one that is nearly an import and has blanks without end', async () => {
    const { calls } = await run(`/* import${' '.repeat(400_000)}x */\n${body("await set('a', '1');")}`);
    expect(calls.map(({ call }) => call)).toEqual(['set']);
  });

  it('asks its device, measures, and has its types taken out', async () => {
    const { calls } = await run(
      body(`const answer: { groups: Record<string, string> } = await device.request('RSSI?', { expect: /(?<rssi>-\\d+)/ });
  await measure('rssi', Number(answer.groups.rssi), { unit: 'dBm', limits: { min: -70 } });
  await set('who', unit.serialNumber + options.lot);`),
      { answers: { request: { groups: { rssi: '-41' } } }, with: { lot: 'L1' } },
    );
    expect(calls).toEqual([
      { call: 'request', args: ['RSSI?', { expect: '(?<rssi>-\\d+)' }] },
      { call: 'measure', args: ['rssi', -41, { unit: 'dBm', limits: { min: -70 } }] },
      { call: 'set', args: ['who', 'SN000001L1'] },
    ]);
  });

  it('ends with the very fault of what it asked for, unless it deals with it', async () => {
    const silent = new Fault('device-silent', 'no answer to X', { details: { command: 'X' } });
    const ask = "await device.request('X', { expect: 'y' })";
    expect(await faultOf(() => run(body(`${ask};`), { answers: { request: silent } }))).toBe(silent);
    const reworded = body(
      `try { ${ask}; } catch (error: any) { throw Object.assign(new Error('X is mute'), error); }`,
    );
    expect(await faultOf(() => run(reworded, { answers: { request: silent } }))).toMatchObject({
      code: 'device-silent',
      message: 'own.ts: X is mute',
    });
    const dealt = await run(body(`try { ${ask}; } catch (error: any) { await log(error.code); }`), {
      answers: { request: silent },
    });
    expect(dealt.calls.at(-1)).toEqual({ call: 'log', args: ['device-silent'] });
  });

  it('that throws is reported with the position', async () => {
    const fault = await faultOf(() => run(body('  const nothing: any = null;\n  nothing.at(1);')));
    expect(fault).toMatchObject({ code: 'script-failed' });
    expect(fault.message).toMatch(/^own\.ts:4:11: Cannot read properties of null/);
  });

  const THROWS: readonly (readonly [what: string, text: string])[] = [
    ['nothing', 'throw null'],
    ['a symbol', "throw Symbol('s')"],
    [
      'an error that cannot be read',
      "throw Object.defineProperty(new Error(), 'message', { get() { throw this; } })",
    ],
    ['something endless', 'throw { toString() { return this.toString(); } }'],
    [
      'from below',
      "JSON.stringify = Map.prototype.get = Promise.prototype.then = () => { throw 1; }; await log('x')",
    ],
    ['later', "setTimeout(() => { throw new Error('late'); }, 1); await new Promise(() => {})"],
    ['a promise that nobody awaits', "Promise.reject(new Error('lost')); await new Promise(() => {})"],
  ];
  // One text, which is compiled once, for all of them.
  const throwing = body(
    `await ({ ${THROWS.map(([what, text]) => `[${JSON.stringify(what)}]: async () => { ${text} }`).join()} })[options.what]();`,
  );
  it.each(THROWS)('that throws %s ends as its own failure', async (what) => {
    expect(await faultOf(() => run(throwing, { with: { what } }))).toMatchObject({ code: 'script-failed' });
  });

  it('that throws a text is reported with a short text', async () => {
    const fault = await faultOf(() =>
      run(body(`throw new Error(String(() => { ${'0 + 1;'.repeat(400)} }))`)),
    );
    expect(fault.code).toBe('script-failed');
    expect(fault.message.length).toBeLessThan(600);
  });

  it('may fail the unit with its own message', async () => {
    const fault = await faultOf(() => run(body("fail('the LED is dark');")));
    expect(fault).toMatchObject({ code: 'limit-exceeded', message: 'own.ts: the LED is dark' });
  });

  it('cannot claim a fault of the station that none of its calls ended with', async () => {
    const claim = "throw Object.assign(new Error('restore it'), { code: 'database-corrupt' });";
    expect(await faultOf(() => run(body(claim)))).toMatchObject({ code: 'script-failed' });
  });

  it('sends bytes, prints, and waits by the time of the station', async () => {
    const { calls, log } = await run(
      body(`await device.send(new Uint8Array([0, 1, 254, 255]));
  console.log('volts', { now: 3.3 });
  await new Promise((resolve) => setTimeout(resolve, 5000));`),
    );
    expect(calls).toEqual([
      { call: 'send', args: [new Uint8Array([0, 1, 254, 255]), {}] },
      { call: 'wait', args: [5000] },
    ]);
    expect(log).toBe('volts {"now":3.3}\n');
  });

  it('hears of groups that took no part as nothing', async () => {
    const { calls } = await run(
      body(
        `const { captures } = await device.request('X', { expect: '(a)|(b)' }); await log(String(captures[0] === undefined));`,
      ),
      { answers: { request: { text: 'b', groups: {}, captures: [undefined, 'b'] } } },
    );
    expect(calls.at(-1)?.args).toEqual(['true']);
  });

  it('that hangs is killed when its time is over', async () => {
    expect(await faultOf(() => run(body('for (;;) {}'), { ms: 700 }))).toMatchObject({ code: 'timeout' });
    expect(await faultOf(() => run(body('await new Promise(() => {});'), { ms: 700 }))).toMatchObject({
      code: 'timeout',
    });
  });

  it('that fills its memory ends without harm to others', async () => {
    const fault = await faultOf(() =>
      run(body('const all = []; for (;;) all.push(new Array(100000).fill(1));')),
    );
    expect(fault.code).toBe('script-failed');
    expect(fault.message).toContain('128 MiB');
  });

  it('that breaks the parser of TypeScript is refused, and the next one is read as ever', async () => {
    const deep = `const x = ${'('.repeat(5000)}1${')'.repeat(5000)};`;
    expect(await faultOf(() => run(deep))).toMatchObject({
      code: 'recipe-invalid',
      message: 'own.ts: is nested too deep to be read',
    });
    expect((await run(body("await log('still' as string);"))).calls).toHaveLength(1);
  });

  it('that blocks the parser of TypeScript ends with its step, and delays no other slot', async () => {
    let turns = 0;
    const others = setInterval(() => void turns++, 1);
    const fault = await faultOf(() => run(`const x = ${'<T>('.repeat(60)}`, { ms: 500 }));
    clearInterval(others);
    expect(fault).toMatchObject({ code: 'timeout' });
    expect(turns).toBeGreaterThan(0);
  });

  it('that is no TypeScript is refused with its place', async () => {
    expect(await faultOf(() => run('export default ('))).toMatchObject({ code: 'recipe-invalid' });
    expect(await faultOf(() => run('enum A { b }\nexport default 1;'))).toMatchObject({
      code: 'recipe-invalid',
    });
    expect(await faultOf(() => run('export const x = 1;'))).toMatchObject({ code: 'recipe-invalid' });
  });
});
