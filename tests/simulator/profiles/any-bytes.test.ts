import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PROFILE_NAMES } from '#simulator';

import { bootFrame } from '../../../simulator/parts/ci130x/index.ts';
import { slipFrame } from '../../../simulator/parts/esp/slip.ts';
import { userFrame } from '../../../simulator/parts/voice/index.ts';
import { frameOf } from '../../../simulator/profiles/described-frames/frame.ts';
import { TestSimulator } from '../../kit/test-simulator.ts';
import { Terminal } from '../../kit/terminal.ts';

/** What the families understand, so that a soup is not only noise to them. */
const MORSELS: Buffer[] = [
  ...[
    'AT',
    'ATE0',
    'AT+GMR',
    'AT+TCMODULE',
    'AT+TCDEVINFOSET?',
    'AT+SYSADC?',
    'AT+FTMOTOR=0',
    'AT+FTPWD=012345',
  ],
  ...[
    'AT+FTEVENT=4',
    'AT+FTNOTICE=12,1',
    'AT+FTXP2P?',
    'AT+FTIMG?',
    'AT+FTBAT?',
    'AT+TCMQTTCONN=1,1000,60,1,0',
    'AT+CWMODE=2',
    'AT+CWJAP="a","b"',
    'AT+CIPSTA?',
    'AT+TCLOG=86013388,4',
  ],
  ...[
    'MAC?',
    'VER?',
    'SETID P1 dev1 IyXmUW5sU/q1vnb5yzTkeQ==',
    'ID?',
    'CLRID',
    'LOGIN',
    '{"action":"getDeviceInfo","taskId":"1"}',
    '{"action":"getQRCode","taskId":"2","params":{}}',
  ],
  ...[
    '{"action":"sendCPUCardApduCommands","taskId":"3","params":{"apduCommands":["00A4"]}}',
    '{}',
    '[1]',
    'null',
  ],
].map((line) => Buffer.from(`${line}\r\n`));
MORSELS.push(
  userFrame(0x01),
  userFrame(0x03, Buffer.of(0x10)),
  userFrame(0x03),
  bootFrame(0xa0, 0x03),
  Buffer.from(frameOf(Buffer.of(0x11))),
  Buffer.from(frameOf(Buffer.from('\x10P1\0dev1\0secret\0', 'latin1'))),
  Buffer.from('a5a55a5a000001050000000078563412', 'hex'),
  bootFrame(0xa0, 0x06, Buffer.from('0080f51f00100000ffff', 'hex')),
  bootFrame(0xa2, 0x08, Buffer.alloc(4_100)),
  // A block of XMODEM, and its end; a handshake of a BL602, its question for the boot ROM and a header.
  Buffer.concat([Buffer.of(1, 1, 254), Buffer.alloc(130)]),
  Buffer.of(4),
  Buffer.alloc(64, 0x55),
  Buffer.from('10000000', 'hex'),
  Buffer.concat([Buffer.from('1100b000', 'hex'), Buffer.alloc(176)]),
  // SYNC, SPI_ATTACH, FLASH_BEGIN, FLASH_DEFL_BEGIN, FLASH_DATA, FLASH_END, MD5, MEM_END, RUN_USER_CODE.
  ...[
    `0008240000000000 07071220 ${'55'.repeat(32)}`,
    '000d080000000000 0000000000000000',
    '0002100000000000 00100000040000000004000000000000',
    '0010100000000000 00100000040000000004000000000000',
    '00031400ef000000 04000000000000000000000000000000 00000000',
    '0004040000000000 00000000',
    '0013100000000000 00000000000000100000000000000000',
    '0006080000000000 0000000000000000',
    '00d3000000000000',
  ].map((hex) => slipFrame(Buffer.from(hex.replaceAll(' ', ''), 'hex'))),
);

describe.each(PROFILE_NAMES)('%s and random bytes', (profile) => {
  it('continues to work, and its simulator reports no error', async () => {
    await using simulator = await TestSimulator.start({ profile, timeScale: 0.005 });
    await using terminal = await Terminal.open(simulator.pathOf(1));
    const soup = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
        fc.constantFrom(...MORSELS),
      ),
      { minLength: 5, maxLength: 40 },
    );
    for (const [round, portion] of fc.sample(soup, 12).entries()) {
      await terminal.write(Buffer.concat(portion));
      if (round % 4 !== 3) continue;
      await simulator.inner.power(1, false);
      await simulator.inner.power(1, true);
    }
    await simulator.inner.power(1, false);
    expect(simulator.events.filter(({ event }) => event === 'sim.error')).toEqual([]);
  });
});
