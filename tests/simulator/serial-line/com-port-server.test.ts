import { expect, test } from 'vitest';

import { ComPortServer } from '../../../simulator/serial-line/com-port-server.ts';

/** A server, and what it sent, received and set, as hex. */
function serve(): { server: ComPortServer; sent: string[]; data: string[]; lines: string[] } {
  const sent: string[] = [];
  const data: string[] = [];
  const lines: string[] = [];
  const server = new ComPortServer({
    send: (bytes) => sent.push(Buffer.from(bytes).toString('hex')),
    onData: (bytes) => data.push(Buffer.from(bytes).toString('hex')),
    onControlLines: (set) =>
      lines.push(`${set.dtr ? 'D' : 'd'}${set.rts ? 'R' : 'r'}${set.break ? 'B' : 'b'}`),
  });
  return { server, sent, data, lines };
}
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

test('the options of RFC 2217 are accepted once, and others are refused', () => {
  const { server, sent } = serve();
  server.receive(hex('fffb2c fffd00 fffb00 fffb03 fffb2c fffd01 fffb18'));
  expect(sent).toEqual(['fffd2c', 'fffb00', 'fffd00', 'fffd03', 'fffc01', 'fffe18']);
});

test('a bit rate is set and asked for', () => {
  const { server, sent } = serve();
  expect(server.baudRate).toBe(115_200);
  server.receive(hex('fffa2c01 000e1000 fff0'));
  expect(server.baudRate).toBe(921_600);
  server.receive(hex('fffa2c01 00000000 fff0'));
  expect(sent).toEqual(['fffa2c65000e1000fff0', 'fffa2c65000e1000fff0']);
});

test('control lines are set, asked for and acknowledged with their state', () => {
  const { server, sent, lines } = serve();
  for (const value of ['08', '0b', '05', '06', '09', '0c', '07', '0a', '04', '01'])
    server.receive(hex(`fffa2c05 ${value} fff0`));
  expect(lines).toEqual(['Drb', 'DRb', 'DRB', 'DRb', 'dRb', 'drb']);
  expect(sent.map((frame) => frame.slice(8, 10))).toEqual([
    '08',
    '0b',
    '05',
    '06',
    '09',
    '0c',
    '09',
    '0c',
    '06',
    '01',
  ]);
});

test('data is separated from commands, in any pieces, and a byte 255 is doubled', () => {
  const wire = hex('41 ffff 42 fffa2c01 00000960 fff0 43 fffa2c01 00ffff00ff fff0');
  for (let size = 1; size <= wire.length; size++) {
    const { server, data, sent } = serve();
    for (let at = 0; at < wire.length; at += size) server.receive(wire.subarray(at, at + size));
    expect(data.join('')).toBe('41ff4243');
    expect(sent[0]).toBe('fffa2c6500000960fff0');
  }
  expect(ComPortServer.escape(hex('00ff01')).toString('hex')).toBe('00ffff01');
});

test('a subnegotiation without end takes no memory, and an unknown one has no effect', () => {
  const { server, sent } = serve();
  server.receive(hex('fffa2c'));
  server.receive(Buffer.alloc(100_000, 1));
  server.receive(hex('fff0 fffa18 01 fff0 fffa2c fff0 fffa2c 63 fff0'));
  expect(sent).toEqual([]);
});
