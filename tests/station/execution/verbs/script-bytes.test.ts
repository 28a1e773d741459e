import { afterEach, expect, it } from 'vitest';
import { crc } from '#shared/codec/crc.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { scripted, type ScriptedUnits, type ScriptedUnit } from '../../../kit/units.ts';
import { describedRecipe, parsedRecipe } from '../../../kit/recipes.ts';

const DEVICE = `  frames: { start: '5A', length: { bytes: 1, after: 1 }, checksum: { kind: crc16-modbus, covers: frame } }
  board: { kind: numato }`;
/** A frame by hand: start, command, length of the rest, the rest, CRC over all of it, low byte first. */
const frame = (command: number, ...rest: number[]): Buffer => {
  const body = [0x5a, command, rest.length, ...rest];
  const sum = crc('crc16-modbus', Uint8Array.from(body));
  return Buffer.from([...body, sum & 0xff, sum >> 8]);
};

let setup: TestStation<ScriptedUnits> | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

async function run(body: string, peer: ScriptedUnit, step = '') {
  const source = `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ device, board, measure, wait }: any) => {
  const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const why = (work: Promise<unknown>) => work.then(() => 'done', (error: any) => error.code);
  ${body}
});`;
  setup = await startStation({
    units: scripted([peer]),
    recipe: parsedRecipe(describedRecipe(`- { verb: script, file: own.ts${step} }`, { device: DEVICE }), {
      'own.ts': source,
    }),
  });
  const result = await setup.run();
  const measured = setup.station.database.runs.listMeasurements(result.runId);
  return { result, measured: Object.fromEntries(measured.map(({ name, value }) => [name, value])) };
}

it('a script sends and receives frames and bytes, beside text', async () => {
  const heard: string[] = [];
  const { result, measured } = await run(
    `const { payload, text, groups } = await device.requestFrame(Uint8Array.of(0x01, 0xff, 0x80), { expect: /^81(?<v>..)/ });
  await measure('bytes', payload instanceof Uint8Array);
  await measure('payload', hex(payload));
  await measure('text', text + ' ' + groups.v);
  await measure('line', (await device.expect(/^READY (\\d)$/)).captures[0]);
  await measure('raw', hex(await device.read({ count: 6 })));
  await measure('until', hex(await device.read({ until: Uint8Array.of(0x0a) })));
  await device.sendFrame('02');
  await measure('other', (await device.expectFrame('^82')).text);
  await device.send(Uint8Array.of(0x00, 0xfe, 0x0d));
  const all = await device.read({ quietMs: 800 });
  await measure('all', all.length + ' ' + hex(all.subarray(254)));
  const left = why(device.expect(/^NEVER$/, { withinMs: 200 }));
  await measure('won', await Promise.race([device.expect(/^NO$/, { withinMs: 5000 }).catch(() => 'none'), device.request('GO', { expect: /^YES$/ }).then(() => 'yes')]));
  await measure('left', await left);`,
    (bytes, say) => {
      heard.push(bytes.toString('hex'));
      if (bytes[1] === 0x01) say(Buffer.concat([frame(0x81, 0x00, 0xff), Buffer.from('READY 1\n')]));
      else if (bytes[1] === 0x02) say(frame(0x82));
      else if (bytes[1] === 0xfe) say(Uint8Array.from({ length: 256 }, (_, n) => n));
      else say('YES\r\n');
    },
  );
  expect(result.failure).toBeNull();
  const asked = frame(0x01, 0xff, 0x80).toString('hex');
  expect(heard.slice(0, 3)).toEqual([asked, frame(0x02).toString('hex'), '00fe0d']);
  expect(measured).toEqual({
    bytes: true,
    payload: '8100ff',
    text: '8100FF 00',
    line: '1',
    raw: frame(0x81, 0x00, 0xff).toString('hex').slice(0, 12),
    until: `${frame(0x81, 0x00, 0xff).toString('hex').slice(12)}${Buffer.from('READY 1\n').toString('hex')}`,
    other: '82',
    all: '256 feff',
    won: 'yes',
    left: expect.stringMatching(/^limit-exceeded|device-silent$/),
  });
});

it('a call that is not allowed is refused with a reason', async () => {
  const { result, measured } = await run(
    `const codes = [
    await why(device.sendFrame('0x')),
    await why(device.read({ count: 1, quietMs: 5 })),
    await why(device.read({ count: 70000 })),
    await why(board.relay(3, true)),
    await why(board.relay(2, 'on')),
    await why(board.power('off')),
    await why(board.pin(1)),
    await why(device.requestFrame('01', { expect: '^81', withinMs: 100 })),
    await why(device.requestFrame('02', { expect: '^82', withinMs: 3000 })),
    await why(device.read({ count: 400, withinMs: 50 })),
  ];
  await measure('codes', codes.join(' '));`,
    (bytes, say) => {
      const answer = frame(0x80 + (bytes[1] ?? 0));
      if (bytes[1] === 2) answer[4] = (answer[4] ?? 0) ^ 1;
      if (bytes[1] === 2) say(answer);
    },
    ', relays: [2]',
  );
  expect(result.failure).toBeNull();
  // This slot has no board.
  expect(String(measured['codes']).split(' ')).toEqual([
    ...Array.from({ length: 5 }, () => 'recipe-invalid'),
    'not-configured',
    'not-configured',
    'device-silent',
    'device-garbled',
    'limit-exceeded',
  ]);
});
