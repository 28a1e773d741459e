import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { TestSimulator } from '../../../kit/test-simulator.ts';
import { Terminal } from '../../../kit/terminal.ts';

const SECRET = 'IyXmUW5sU/q1vnb5yzTkeQ==';
const OTHER_SECRET = 'ZHNkIGRzZCBkc2QgZHNkIA==';
const SET = `AT+TCDEVINFOSET=1,"CS0SLTKSYA","dev1","${SECRET}"`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function flashFile(simulator: TestSimulator, unit = 1): Promise<unknown> {
  const { mac } = simulator.inner.units[unit - 1]!;
  return JSON.parse(await readFile(join(simulator.inner.stateDir, `${mac}.json`), 'utf8'));
}

describe('an AT module at the end of a serial port', () => {
  it('boots with a banner, is silent before, and echoes until ATE0', async () => {
    await using simulator = await TestSimulator.start({ timeScale: 1 });
    await using terminal = await Terminal.open(simulator.pathOf(1));
    await terminal.write('AT\r\n');
    await terminal.expect(/^\r\nready\r\n/);
    expect(await terminal.ask('AT')).toBe('AT\r\n\r\nOK\r\n');
    await terminal.ask('ATE0');
    expect(await terminal.ask('AT')).toBe('\r\nOK\r\n');
    await terminal.ask('ATE1');
    expect(await terminal.ask('AT')).toBe('AT\r\n\r\nOK\r\n');
  });

  it('reports its module data with the MAC that the simulator announced', async () => {
    await using simulator = await TestSimulator.start();
    await using terminal = await simulator.talkTo();
    const reply = await terminal.ask('AT+TCMODULE');
    const { mac } = simulator.inner.units[0]!;
    expect(reply.split('\r\n')).toEqual([
      'Module HW name: ESP-WROOM-02D',
      'Module FW version: QCloud_AT_ESP8266_v3.2.1',
      `Module Mac addr: ${mac.toLowerCase()}`,
      'Module FW compiled time: Nov 12 2021 10:05:20',
      'Module Flash size: 2MB',
      '',
      'OK',
      '',
    ]);
    expect(await terminal.ask('AT+GMR')).toContain('Bin version:QCloud_AT_ESP8266_v3.2.1');
  });

  it('stores an identity, replies with the checksum, and has it in its file', async () => {
    await using simulator = await TestSimulator.start();
    await using terminal = await simulator.talkTo();
    expect(await terminal.ask('AT+TCDEVINFOSET?')).toBe('+CME ERROR:207\r\n');
    expect(await terminal.ask(SET, /TCDEVINFOSET:.*\r\n/)).toBe('OK\r\n+TCDEVINFOSET:OK\r\n');
    expect(await terminal.ask('AT+TCDEVINFOSET?')).toBe(
      '+TCDEVINFOSET:1,"CS0SLTKSYA","dev1",60,"ap-guangzhou"\r\n\r\nOK\r\n',
    );
    expect(await flashFile(simulator)).toMatchObject({
      identity: { productId: 'CS0SLTKSYA', deviceName: 'dev1', secretSha256: sha256(SECRET) },
      identityWrites: 1,
    });
  });

  it('does not write an identity that is stored already, and replaces another', async () => {
    await using simulator = await TestSimulator.start();
    await using terminal = await simulator.talkTo();
    await terminal.ask(SET, /TCDEVINFOSET:OK\r\n/);
    await terminal.ask(SET, /TCDEVINFOSET:OK\r\n/);
    expect(await flashFile(simulator)).toMatchObject({ identityWrites: 1 });
    await terminal.ask(
      `AT+TCDEVINFOSET=1,"CS0SLTKSYA","dev2","${OTHER_SECRET}","na-siliconvalley"`,
      /SET:OK\r\n/,
    );
    expect(await flashFile(simulator)).toMatchObject({ identityWrites: 2, identity: { deviceName: 'dev2' } });
    expect(await terminal.ask('AT+TCDEVINFOSET?')).toContain('"na-siliconvalley"');
  });

  it('refuses parameters beyond its limits with 204 and keeps what it had', async () => {
    await using simulator = await TestSimulator.start();
    await using terminal = await simulator.talkTo();
    await terminal.ask(SET, /TCDEVINFOSET:OK\r\n/);
    const before = await flashFile(simulator);
    const wrong = [
      'AT+TCDEVINFOSET=0,"CS0SLTKSYA","dev1","c2VjcmV0"',
      'AT+TCDEVINFOSET=1,"CS0SLTKSYAX","dev1","c2VjcmV0"',
      `AT+TCDEVINFOSET=1,"CS0SLTKSYA","${'d'.repeat(49)}","c2VjcmV0"`,
      `AT+TCDEVINFOSET=1,"CS0SLTKSYA","dev1","${'s'.repeat(45)}"`,
      'AT+TCDEVINFOSET=1,"CS0SLTKSYA","","c2VjcmV0"',
      'AT+TCDEVINFOSET=1,CS0SLTKSYA,"dev1","c2VjcmV0"',
      'AT+TCDEVINFOSET=1,"CS0SLTKSYA","dev1"',
      'AT+TCDEVINFOSET=1,"CS0SLTKSYA","dev1","c2VjcmV0","r","x"',
    ];
    for (const line of wrong) expect(await terminal.ask(line), line).toBe('+CME ERROR:204\r\n');
    expect(await terminal.ask(`AT+TCDEVINFOSET=1,"${'x'.repeat(300)}"`)).toBe('+CME ERROR:201\r\n');
    expect(await terminal.ask('AT+NOSUCH')).toBe('ERR CODE:0x01090000\r\n\r\nERROR\r\n');
    expect(await flashFile(simulator)).toEqual(before);
  });

  it('refuses a command during another, and finishes that one', async () => {
    await using simulator = await TestSimulator.start({ timeScale: 1 });
    await using terminal = await simulator.talkTo();
    await terminal.write(`${SET}\r\n`);
    await terminal.expect(/^OK\r\n/);
    await terminal.write('AT+TCMODULE\r\n');
    await terminal.expect(/^ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n/);
    await terminal.expect(/^\+TCDEVINFOSET:OK\r\n/);
    expect(await terminal.ask('AT+TCMODULE')).toMatch(/Mac addr/);
  });

  it('erases everything at a restore, restarts, and is silent while it boots', async () => {
    await using simulator = await TestSimulator.start({ timeScale: 1 });
    await using terminal = await simulator.talkTo();
    await terminal.ask(SET, /TCDEVINFOSET:OK\r\n/);
    await terminal.ask('AT+TCPRDINFOSET=1,"CS0SLTKSYA","c2VjcmV0","dev1"', /TCPRDINFOSET:OK\r\n/);
    const mark = simulator.events.length;
    await terminal.ask('AT+TCRESTORE');
    await simulator.event('sim.committed', (event) => event.identity === null, mark);
    await terminal.write('AT\r\n');
    await terminal.expect(/^\r\nready\r\n/);
    expect(terminal.unread).toBe('');
    expect(await terminal.ask('AT+TCDEVINFOSET?')).toBe('AT+TCDEVINFOSET?\r\n+CME ERROR:207\r\n');
    await terminal.ask('ATE0');
    expect(await terminal.ask('AT+TCPRDINFOSET?')).toBe('+CME ERROR:207\r\n');
    expect(await flashFile(simulator)).toMatchObject({ identity: null, identityWrites: 1 });
  });

  it('stores product information and replies that registration is not enabled', async () => {
    await using simulator = await TestSimulator.start();
    await using terminal = await simulator.talkTo();
    expect(await terminal.ask('AT+TCDEVREG', /DEVREG:.*\r\n/)).toBe('OK\r\n+TCDEVREG:FAIL,207\r\n');
    await terminal.ask('AT+TCPRDINFOSET=1,"CS0SLTKSYA","ZHNkIGRzZCA=","dev1"', /TCPRDINFOSET:OK\r\n/);
    expect(await terminal.ask('AT+TCPRDINFOSET?')).toContain('1,"CS0SLTKSYA",116,"dev1","ap-guangzhou"');
    expect(await terminal.ask('AT+TCDEVREG', /DEVREG:.*\r\n/)).toBe('OK\r\n+TCDEVREG:FAIL,1011\r\n');
  });

  it('has other dialects, so that a parser of one dialect fails', async () => {
    await using simulator = await TestSimulator.start({ count: 2, dialect: 'per-unit' });
    await using terminal = await simulator.talkTo(2);
    expect(await terminal.ask('AT+TCDEVINFOSET?')).toBe('+TCDEVINFOSET: 1,,,0,ap-guangzhou\r\nOK\r\n');
    expect(await terminal.ask('AT+TCDEVINFOSET=1,"X"')).toBe('+CME ERR: 204\r\n');
    await terminal.ask(SET, /\+TCDEVINFOSET: OK\r\n/);
    expect(await terminal.ask('AT+TCDEVINFOSET?')).toBe(
      '+TCDEVINFOSET: 1,CS0SLTKSYA,dev1,60,ap-guangzhou\r\nOK\r\n',
    );
    expect(await terminal.ask('AT+TCDEVINFOSET=?')).toContain('+TCDEVINFO: "TLS_MODE (1)",');
    expect(await terminal.ask('AT+TCMQTTCONN=1,5000,240,1,0', /FAIL.*\r\n/)).toContain(
      '+TCMQTTCONN: FAIL101\r\n',
    );
    expect(await terminal.ask('AT+TCMODULE')).toContain(`Mac addr: ${simulator.inner.units[1]!.mac}\r\n`);
  });

  it('survives any bytes and answers afterwards', async () => {
    await using simulator = await TestSimulator.start({ timeScale: 0 });
    await using terminal = await simulator.talkTo();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 5 }), async (parts) => {
        for (const part of parts) await terminal.write(Buffer.concat([part, Buffer.from('\r\n')]));
        await terminal.write('\r\nATE0\r\n');
        await terminal.expect(/OK\r\n$/);
        expect(await terminal.ask('AT', /OK\r\n$/)).toContain('OK');
      }),
      { numRuns: 40 },
    );
    expect(simulator.events.filter((event) => event.event === 'sim.error')).toEqual([]);
  });

  it('has a flash that equals a model after any sequence of burning, erasing and switching off', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 3 }).map((n) => ({ do: 'set' as const, n })) },
      { weight: 1, arbitrary: fc.constant({ do: 'restore' as const }) },
      { weight: 1, arbitrary: fc.constant({ do: 'power' as const }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        await using simulator = await TestSimulator.start({ timeScale: 0 });
        await using terminal = await simulator.talkTo();
        let model: { identity: object | null; identityWrites: number } = {
          identity: null,
          identityWrites: 0,
        };
        let last = 0;
        for (const each of steps) {
          if (each.do === 'set') {
            const secret = Buffer.from(`secret of device ${each.n}`).toString('base64');
            await terminal.ask(`AT+TCDEVINFOSET=1,"PID","dev-${each.n}","${secret}"`, /TCDEVINFOSET:OK\r\n/);
            if (last !== each.n) {
              const identity = {
                productId: 'PID',
                deviceName: `dev-${each.n}`,
                secretSha256: sha256(secret),
              };
              model = { identity, identityWrites: model.identityWrites + 1 };
            }
            last = each.n;
          } else if (each.do === 'restore') {
            await terminal.ask('AT+TCRESTORE', /ready\r\n/);
            await terminal.ask('ATE0');
            model = { ...model, identity: null };
            last = 0;
          } else {
            await simulator.inner.power(1, false);
            await simulator.inner.power(1, true);
            await terminal.expect(/ready\r\n/);
            await terminal.ask('ATE0');
          }
          expect(await flashFile(simulator)).toMatchObject(model);
        }
      }),
      { numRuns: 20 },
    );
  });
});
