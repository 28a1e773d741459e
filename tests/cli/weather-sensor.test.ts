import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../support/temp-dir.ts';
import { invoke, invokeWith } from '../kit/in-process.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/weather-sensor/', import.meta.url));
const GOOD = readFileSync(join(FIXTURE, 'weather-sensor.yaml'), 'utf8');
const SCRIPT = readFileSync(join(FIXTURE, 'wind.ts'), 'utf8');

/** CRC-16/MODBUS written from its definition, apart from the station's: polynomial 8005 reflected, begins with FFFF. */
function modbus(bytes: readonly number[]): number[] {
  let sum = 0xffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 1 ? (sum >> 1) ^ 0xa001 : sum >> 1;
  }
  return [sum & 0xff, sum >> 8];
}

/** The sensor as its maker's page would describe it: lines end with LF, frames are AA 55, length, payload, CRC. */
function sensor(socket: Socket, chip: number): void {
  let held = Buffer.alloc(0);
  const frame = (...payload: number[]): void =>
    void socket.write(Buffer.from([0xaa, 0x55, payload.length, ...payload, ...modbus(payload)]));
  const line = (text: string): void => void socket.write(`${text}\r\n`);
  socket
    .on('error', () => undefined)
    .on('data', (bytes) => {
      held = Buffer.concat([held, bytes]);
      for (;;) {
        if (held[0] === 0xaa) {
          const length = held[2] ?? 255;
          if (held.length < 5 + length) return;
          const payload = [...held.subarray(3, 3 + length)];
          const isWhole = Buffer.from(modbus(payload)).equals(held.subarray(3 + length, 5 + length));
          held = held.subarray(5 + length);
          if (!isWhole) continue;
          if (payload[0] === 1) frame(0x81, chip >> 8, chip & 0xff);
          if (payload[0] === 2) frame(0x82, payload[1] ?? 0);
          continue;
        }
        const end = held.indexOf('\n');
        if (end < 0) return;
        const asked = held.subarray(0, end).toString().trim();
        held = held.subarray(end + 1);
        if (asked === 'ID?') line('ID=A4C138000107 WX-7 2.1.0');
        if (asked === 'AMB?') line('AMB=23.5');
        if (asked === 'KEYTEST') {
          line('READY');
          setTimeout(() => line('EVENT KEY=1'), 30);
        }
        if (asked.startsWith('WIND ')) line(`RPM=${Number(asked.slice(5)) * 60 + 5}`);
      }
    });
}

async function listening(chip: number) {
  const server = createServer((socket) => sensor(socket, chip));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    slot: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

describe('a recipe that was written from docs/recipes.md alone', () => {
  it('passes a good unit and fails one that is too warm, at the terminal', async () => {
    using dir = tempDir('weather');
    const data = join(dir.path, 'station');
    const made = await invoke(
      'batch',
      'create',
      '--recipe',
      join(FIXTURE, 'weather-sensor.yaml'),
      '--quantity',
      '5',
      '--data',
      data,
      '--json',
    );
    expect(made.stderr).toBe('');
    const batch = String(made.events.find(({ event }) => event === 'batch.created')?.['batch']);
    const run = async (chip: number, serial: string) => {
      await using peer = await listening(chip);
      const args = ['run', '--batch', batch, '--slot', peer.slot, '--serials', '-', '--answer', 'lit=pass'];
      return await invokeWith(`${serial}\n`, ...args, '--data', data, '--json');
    };
    const warm = await run(900, 'WX0001');
    expect(warm.events.find(({ event }) => event === 'run.finished')).toMatchObject({
      outcome: 'FAIL',
      firstFailure: { phase: 'temperature', step: 'chip' },
    });
    expect(JSON.stringify(warm.events)).toContain('23.5 … 38.5 °C');
    const good = await run(281, 'WX0002');
    expect(good.events.find(({ event }) => event === 'run.finished')).toMatchObject({ outcome: 'PASS' });
    const { events } = await invoke('yield', batch, '--data', data, '--json');
    expect(JSON.stringify(events)).toContain('"relative":true');
  });
});

/** Where a text begins in the recipe, by line and column. */
function stepPath(source: string, text: string, more = 0): string {
  const at = source.indexOf(text) + more;
  const before = source.slice(0, at).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** A mistake: what was right, what stands there, which text of the result is named, and what is said. */
const MISTAKES: readonly (readonly [right: string, wrong: string, named: string, said: string])[] = [
  ['verb: expect\n', 'verb: expct\n', 'expct', 'is not the text "expct"; did you mean expect?'],
  ['withinMs: 2000', 'withinMS: 2000', 'withinMS', 'withinMS is unknown here; did you mean withinMs?'],
  [
    '(?<mac>[0-9A-F]{12})',
    '(?<Mac>[0-9A-F]{12})',
    "'^ID=",
    'a group named Mac is not used; did you mean mac?',
  ],
  ["firmware: '^2\\.'", "firmware: '^2\\.('", "'^2\\.('", 'is not a regular expression (Unterminated group)'],
  [
    'group: key, as: number',
    'group: kay, as: number',
    'kay',
    'the pattern of expect has no group kay; did you mean key?',
  ],
  [
    'capture: { ambient: 1 }',
    'capture: { ambient: 2 }',
    '2 } }\n      - verb: request\n        name: chip',
    'the pattern of expect has no group 2: it has 1',
  ],
  [
    "max: '${ambient} + 15'",
    "max: '${ambiant} + 15'",
    "'${ambiant}",
    '${ambiant} is set by no step before this one; did you mean ${ambient}?',
  ],
  [
    "'^81(?<raw>....)$'",
    "'^81 (?<raw>....)$'",
    "'^81 ",
    '" " never matches: bytes are upper-case hex without blanks, as 01A0FF',
  ],
  ['timeoutMs: 30000', 'timeoutMs: 3000', '3000\n', '3000 ms are over before answerMs (20000 ms)'],
  [
    '{ name: slope, as: number, unit: rpm',
    '{ name: slope, unit: rpm',
    '{ of: 60',
    'within is a limit of a number, and the value is a text: write as: number beside it',
  ],
  [
    'file: wind.ts',
    'file: wnid.ts',
    'wnid.ts',
    'wnid.ts is not in the folder of the recipe; did you mean wind.ts?',
  ],
  [
    '- { verb: send, name: sleep',
    '- { verb: label, name: tag }\n      - { verb: send, name: sleep',
    'label, name: tag',
    'a device of profile described has no identity to print: leave the step out',
  ],
];

describe('a mistake in it', () => {
  it('is reported at its position with a correction, all twelve at once', async () => {
    using dir = tempDir('mistakes');
    const path = join(dir.path, 'weather-sensor.yaml');
    copyFileSync(join(FIXTURE, 'wind.ts'), join(dir.path, 'wind.ts'));
    const all = MISTAKES.reduce((text, [right, wrong]) => text.replace(right, () => wrong), GOOD);
    writeFileSync(path, all);
    const { status, stdout } = await invoke('recipe', 'check', path);
    expect(status).toBe(2);
    for (const [, , named, said] of MISTAKES) {
      expect(all).toContain(named);
      const line = stdout.split('\n').find((one) => one.includes(said));
      expect(line ?? said).toMatch(new RegExp(`^.*weather-sensor\\.yaml:${stepPath(all, named)}: `));
    }
  });

  it('of its script is reported in the file of the script', async () => {
    using dir = tempDir('mistakes');
    const path = join(dir.path, 'weather-sensor.yaml');
    writeFileSync(path, GOOD);
    writeFileSync(join(dir.path, 'wind.ts'), SCRIPT.replace('const rpm =', 'const rpm :'));
    const { status, stdout } = await invoke('recipe', 'check', path);
    expect(status).toBe(2);
    expect(stdout).toMatch(/wind\.ts:8:\d+: \S.{1,80}\n$/);
  });
});
