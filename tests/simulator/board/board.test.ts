import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { lcusFirmware } from '../../../simulator/board/lcus.ts';
import { numatoFirmware } from '../../../simulator/board/numato.ts';
import { userFrame } from '../../../simulator/parts/voice/index.ts';
import { TestSimulator } from '../../kit/test-simulator.ts';
import { expectBytes } from '../support/frames.ts';
import { Terminal } from '../../kit/terminal.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

async function boardOf(simulator: TestSimulator): Promise<Terminal> {
  return Terminal.open((await simulator.event('sim.board')).path);
}

describe('an LCUS board', () => {
  it('switches the power of slot N with channel N, and replies only if requested', async () => {
    await using simulator = await TestSimulator.start({ count: 2, board: 'lcus' });
    expect(simulator.events[0]).toMatchObject({ event: 'sim.board', board: 'lcus' });
    await using board = await boardOf(simulator);
    await using unit = await Terminal.open(simulator.pathOf(2));
    await expect(unit.ask('AT', undefined, 200)).rejects.toThrow(/got ""/);
    await board.write(hex('A0 02 01 A3'));
    await simulator.event('sim.powered', ({ slot, on }) => slot === 2 && on);
    await unit.expect(/ready\r\n/);
    await board.write(hex('A0 02 05 A7'));
    await expectBytes(board, 'A0 02 01 A3');
    await board.write(hex('A0 01 05 A6'));
    await expectBytes(board, 'A0 01 00 A1');
    await board.write(hex('A0 02 02 A4'));
    await expectBytes(board, 'A0 02 00 A2');
    await simulator.event('sim.powered', ({ slot, on }) => slot === 2 && !on);
    await expect(unit.ask('AT', undefined, 200)).rejects.toThrow();
    expect(board.unread).toBe('');
  });

  it('does not power a unit that is placed on a slot without power', async () => {
    await using simulator = await TestSimulator.start({ count: 2, slots: 1, board: 'lcus' });
    await using board = await boardOf(simulator);
    await using unit = await Terminal.open(simulator.pathOf(1));
    await simulator.inner.place(1, 2);
    await expect(unit.ask('AT', undefined, 200)).rejects.toThrow(/got ""/);
    await board.write(hex('A0 01 03 A4'));
    await expectBytes(board, 'A0 01 01 A2');
    await unit.wake();
    await simulator.inner.place(1, 1);
    await unit.wake();
  });

  it('ignores wrong frames, and finds the right ones after them', () => {
    const switched: [number, boolean][] = [];
    const said: string[] = [];
    const board = lcusFirmware(
      { channels: 2, switchRelay: (...one) => switched.push(one), readPin: () => false },
      (bytes) => said.push(Buffer.from(bytes).toString('hex')),
    );
    for (const frame of [
      'A0 01 01 A3',
      'A0 03 01 A4',
      'A0 00 01 A1',
      'A0 01 07 A8',
      'FF 00',
      'A0 01 04 A5',
    ]) {
      for (const byte of hex(frame)) board.receive(Buffer.of(byte));
    }
    expect(switched).toEqual([[0, true]]);
    expect(said).toEqual(['a00101a2']);
  });
});

describe('a Numato board', () => {
  it('echoes, answers and prompts as the real one', async () => {
    await using simulator = await TestSimulator.start({ count: 2, board: 'numato' });
    await using board = await boardOf(simulator);
    const ask = async (command: string): Promise<string> => {
      await board.write(`${command}\r`);
      return (await board.expect(/^[^>]*>/))[0];
    };
    expect(await ask('')).toBe('\n\r>');
    expect(await ask('relay read 0')).toBe('relay read 0\n\roff\n\r>');
    expect(await ask('relay on 0')).toBe('relay on 0\n\r>');
    expect(await ask('relay read 0')).toBe('relay read 0\n\ron\n\r>');
    await simulator.event('sim.powered', ({ slot, on }) => slot === 1 && on);
    expect(await ask('relay readall')).toBe('relay readall\n\r01\n\r>');
    expect(await ask('relay writeall 02')).toBe('relay writeall 02\n\r>');
    await simulator.event('sim.powered', ({ slot, on }) => slot === 2 && on);
    await simulator.event('sim.powered', ({ slot, on }) => slot === 1 && !on);
    expect(await ask('relay on 7')).toBe('relay on 7\n\r>');
    expect(await ask('ver')).toBe('ver\n\r00000008\n\r>');
    expect(await ask('nonsense')).toBe('nonsense\n\r>');
    expect(await ask('reset')).toBe('reset\n\r>');
    expect(await ask('relay readall')).toBe('relay readall\n\r00\n\r>');
  });

  it('reads the pin of the unit on its slot: a word makes it high, a restart low', async () => {
    await using simulator = await TestSimulator.start({ profile: 'voice-su63t', count: 2, board: 'numato' });
    await using board = await boardOf(simulator);
    await using unit = await Terminal.open(simulator.pathOf(2));
    const read = async (): Promise<string> => {
      await board.write('gpio read 1\r');
      return (await board.expect(/gpio read 1\n\r(\d)\n\r>/))[1]!;
    };
    expect(await read()).toBe('0');
    await board.write('relay on 1\r');
    await expectBytes(unit, userFrame(0x42, Buffer.of(1, 0, 3)).toString('hex'));
    await simulator.inner.stimulate(2, { kind: 'hear', word: '打开灯光' });
    await expectBytes(unit, userFrame(0x40, Buffer.of(0x10, 1, 3)).toString('hex'));
    expect(await read()).toBe('1');
    await board.write('gpio readall\r');
    await board.expect(/gpio readall\n\r02\n\r>/);
    await simulator.inner.changeFaults(2, { add: [{ fault: 'pin-stuck', high: false }] });
    expect(await read()).toBe('0');
    await simulator.inner.changeFaults(2, { clear: true });
    expect(await read()).toBe('1');
    await board.write('relay off 1\rrelay on 1\r');
    await expectBytes(unit, userFrame(0x42, Buffer.of(1, 0, 3)).toString('hex'));
    expect(await read()).toBe('0');
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.uint8Array(), fc.constant(Buffer.from('relay on 1\r'))), { maxLength: 20 }),
        (chunks) => {
          const board = numatoFirmware(
            { channels: 4, switchRelay: () => undefined, readPin: () => true },
            () => undefined,
          );
          for (const chunk of chunks) board.receive(chunk);
        },
      ),
    );
  });
});
