import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRfc2217Ports } from '../../../../../station/devices/drivers/tcp/index.ts';
import {
  escapeData,
  type TelnetItem,
  TelnetReader,
} from '../../../../../station/devices/drivers/tcp/telnet.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { Changes } from '../../../../support/until.ts';

const SETTINGS = { baudRate: 115_200 };
const open = (path: string, settings = SETTINGS, signal = NEVER_ABORTED) =>
  createRfc2217Ports().open(path, settings, signal);

/** A server that answers as RFC 2217 prints it, byte for byte; `answer` gets each command and changes the answer. */
class Server implements AsyncDisposable {
  readonly #server = createServer((socket) => this.#serve(socket));
  readonly #changes = new Changes();
  #socket: Socket | null = null;
  /** What was received, in hex. */
  received = '';
  answer: (command: readonly number[]) => readonly number[] | null = ([number = 0, ...value]) => [
    number + 100,
    ...value,
  ];
  options = 'fffd2c';

  static async start(): Promise<Server> {
    const server = new Server();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get path(): string {
    return `rfc2217://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  say(hex: string): void {
    this.#socket?.write(Buffer.from(hex, 'hex'));
  }

  heard(hex: string): Promise<true> {
    return this.#changes.until(
      () => this.received.includes(hex) || undefined,
      () => `waited for ${hex}, got ${this.received}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket?.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#socket = socket;
    socket.on('error', () => undefined);
    this.say(this.options);
    let answered = 0;
    socket.on('data', (chunk) => {
      this.received += chunk.toString('hex');
      for (const { index, 0: whole, 1: command = '' } of this.received.matchAll(/fffa2c((?:..)*?)fff0/g)) {
        if (index < answered || index % 2 === 1) continue;
        answered = index + whole.length;
        const answer = this.answer([...Buffer.from(command.replaceAll('ffff', 'ff'), 'hex')]);
        const text = answer === null ? '' : Buffer.from(answer).toString('hex').replaceAll('ff', 'ffff');
        if (answer !== null) this.say(`fffa2c${text}fff0`);
      }
      this.#changes.notify();
    });
  }
}

describe('a port of a serial server', () => {
  it('offers the control of the port, sets it, and changes its lines and its speed', async () => {
    await using server = await Server.start();
    await using port = await open(server.path, { baudRate: 921_600 });
    expect(server.received).toContain('fffb2c');
    expect(server.received).toContain('fffa2c01000e1000fff0');
    for (const command of ['0c03', '0208', '0301', '0401', '0501'])
      expect(server.received).toContain(`fffa2c${command}fff0`);
    const before = server.received.length;
    await port.setControlLines?.({ dtr: false, rts: true });
    await port.setControlLines?.({ brk: true });
    await port.setBaudRate?.(255);
    expect(server.received.slice(before)).toBe(
      ['0509', '050b', '0505', '01000000ffff'].map((command) => `fffa2c${command}fff0`).join(''),
    );
  });

  it('carries every byte in both directions, and no command among them', async () => {
    await using server = await Server.start();
    await using port = await open(server.path);
    const heard: number[] = [];
    const changes = new Changes();
    port.onData((bytes) => (heard.push(...bytes), changes.notify()));
    await port.write(Uint8Array.of(0, 13, 255, 240, 255, 255), NEVER_ABORTED);
    await server.heard('000dfffff0ffffffff');
    server.say('01fffffffa2c6b00fff002fff1fffb0103');
    await changes.until(
      () => heard.at(-1) === 3 || undefined,
      () => `got ${heard.join(' ')}`,
    );
    expect(heard).toEqual([1, 255, 2, 3]);
    // Echo is not wanted, and is refused once.
    await server.heard('fffe01');
    server.say('fffb01fffb0104');
    await changes.until(
      () => heard.at(-1) === 4 || undefined,
      () => `got ${heard.join(' ')}`,
    );
    expect(server.received.match(/fffe01/g)).toHaveLength(1);
  });

  it('waits while the server cannot take data, and drops its output when the wait is ended', async () => {
    await using server = await Server.start();
    await using port = await open(server.path);
    const suspended = new Promise<void>((resolve) => port.onData(() => resolve()));
    server.say('fffa2c6cfff001');
    await suspended;
    const stop = new AbortController();
    const written = faultOf(() => port.write(Buffer.from('AT'), stop.signal));
    stop.abort();
    expect(await written).toMatchObject({ code: 'cancelled' });
    await server.heard('fffa2c0c02fff0');
    const later = port.write(Buffer.from('at'), NEVER_ABORTED);
    expect(server.received).not.toContain('4154');
    server.say('fffa2c6dfff0');
    await later;
    await server.heard('6174');
    expect(server.received).not.toContain('4154');
  });

  it('that does not control its port, or has another speed, is refused in words', async () => {
    {
      await using server = await Server.start();
      server.options = 'fffe2c';
      expect(await faultOf(() => open(server.path))).toMatchObject({
        code: 'port-missing',
        message: expect.stringContaining('RFC 2217') as string,
      });
    }
    await using server = await Server.start();
    server.answer = ([number = 0, ...value]) =>
      number === 1 ? [101, 0, 0, 0x25, 0x80] : [number + 100, ...value];
    const fault = await faultOf(() => open(server.path));
    expect(fault).toMatchObject({
      code: 'not-configured',
      message: expect.stringMatching(/refused 115200 baud$/) as string,
    });
    expect(fault.hint).not.toBeNull();
  });

  it('that goes away, or is not there, is a fault', async () => {
    const server = await Server.start();
    const { path } = server;
    {
      await using port = await open(path);
      const lost = new Promise((resolve) => port.onLost(resolve));
      server.answer = () => null;
      const changed = faultOf(async () => port.setControlLines?.({ dtr: true }));
      await server.heard('fffa2c0508fff0');
      await server[Symbol.asyncDispose]();
      expect(await changed).toMatchObject({ code: 'port-lost' });
      expect(await lost).toMatchObject({ code: 'port-lost' });
    }
    expect(await faultOf(() => open(path))).toMatchObject({ code: 'port-missing' });
    for (const wrong of ['rfc2217://host', 'rfc2217://host:1/path', 'rfc2217://host:1?ign_set_control'])
      expect(await faultOf(() => open(wrong))).toMatchObject({ code: 'bad-input' });
  });
});

describe('Telnet', () => {
  const data = (items: readonly TelnetItem[]): number[] =>
    items.flatMap((item) => (item.kind === 'data' ? [...item.bytes] : []));

  it('carries any data, in any pieces', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
        (bytes, sizes) => {
          const reader = new TelnetReader();
          const sent = escapeData(bytes);
          const items: TelnetItem[] = [];
          for (let at = 0, n = 0; at < sent.length; n += 1) {
            const size = sizes[n % sizes.length] ?? 1;
            items.push(...reader.push(sent.subarray(at, at + size)));
            at += size;
          }
          expect(data(items)).toEqual([...bytes]);
          expect(items.every(({ kind }) => kind === 'data')).toBe(true);
        },
      ),
    );
  });

  it('is read in limited memory, whatever comes', () => {
    const reader = new TelnetReader();
    expect(reader.push(Buffer.from('fffa2c', 'hex'))).toEqual([]);
    for (let n = 0; n < 100; n += 1) expect(reader.push(Buffer.alloc(65_536, 1))).toEqual([]);
    expect(reader.push(Buffer.from('fff041', 'hex'))).toEqual([{ kind: 'data', bytes: Buffer.from('A') }]);
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void new TelnetReader().push(bytes)));
  });
});

const PYTHON = process.env['GONGWEI_PYSERIAL'] ?? 'python3';
const hasPyserial = spawnSync(PYTHON, ['-c', 'import serial.rfc2217'], { stdio: 'ignore' }).status === 0;

/** Another program's lines of output. */
function linesOf(child: ChildProcess): { until(line: string): Promise<string> } {
  const lines: string[] = [];
  const changes = new Changes();
  createInterface({ input: child.stdout! }).on('line', (line) => (lines.push(line), changes.notify()));
  return {
    until: (start) =>
      changes.until(
        () => lines.find((line) => line.startsWith(start)),
        () => `waited for ${start}, got ${lines.join(', ')}`,
      ),
  };
}

// Debian's package python3-serial; another interpreter is named by GONGWEI_PYSERIAL.
it.skipIf(!hasPyserial)('is controlled by the server of pyserial as by ours', async () => {
  const server = spawn(PYTHON, [join(import.meta.dirname, 'pyserial-server.py')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(server, 'close');
  const lines = linesOf(server);
  const [, number] = (await lines.until('port ')).split(' ');
  {
    await using port = await open(`rfc2217://127.0.0.1:${number}`, { baudRate: 57_600 });
    await lines.until('baud 57600');
    await port.setControlLines?.({ dtr: false, rts: false });
    await lines.until('dtr 0');
    await lines.until('rts 0');
    await port.setControlLines?.({ dtr: true });
    await lines.until('dtr 1');
    await port.setBaudRate?.(921_600);
    await lines.until('baud 921600');
    const bytes = Uint8Array.from({ length: 512 }, (_, i) => i);
    const heard: number[] = [];
    const changes = new Changes();
    port.onData((chunk) => (heard.push(...chunk), changes.notify()));
    await port.write(bytes, NEVER_ABORTED);
    await changes.until(
      () => heard.length >= bytes.length || undefined,
      () => `got ${heard.length} bytes`,
    );
    expect(heard).toEqual([...bytes]);
  }
  expect(await ended).toEqual([0, null]);
});
