import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startSimInstruments } from '#simulator';
import { compileHeader } from '../../../simulator/instruments/scpi/headers.ts';
import { parseMessage } from '../../../simulator/instruments/scpi/message.ts';
import { until } from '../../support/until.ts';

/** A client of the instrument: sends lines, and collects what comes back. */
class Line implements Disposable {
  readonly #socket: Socket;
  received = Buffer.alloc(0);
  isClosed = false;
  constructor(address: string) {
    const { hostname, port } = new URL(address);
    this.#socket = connect({ host: hostname, port: Number(port) });
    this.#socket.on('data', (bytes: Buffer) => (this.received = Buffer.concat([this.received, bytes])));
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => (this.isClosed = true));
  }
  send(text: string): void {
    this.#socket.write(text);
  }
  /** The next line of the answer. */
  async ask(text: string): Promise<string> {
    this.send(`${text}\n`);
    return this.line();
  }
  async line(): Promise<string> {
    await until(() => this.received.includes(0x0a), 'a line');
    const end = this.received.indexOf(0x0a);
    const line = this.received.subarray(0, end).toString('latin1');
    this.received = this.received.subarray(end + 1);
    return line;
  }
  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

describe('headers of SCPI', () => {
  it('match in short and long form, with optional nodes and without', () => {
    const header = compileHeader('MEASure[:SCALar]:VOLTage[:DC]?');
    expect(header.isQuery).toBe(true);
    for (const text of ['MEAS:VOLT', 'MEASURE:VOLTAGE', 'MEAS:SCAL:VOLT:DC', 'MEASURE:VOLT:DC'])
      expect(header.matches(text.split(':')), text).toBe(true);
    for (const text of ['MEASU:VOLT', 'MEAS:CURR', 'MEAS', 'MEAS:VOLT:AC', 'VOLT:DC'])
      expect(header.matches(text.split(':')), text).toBe(false);
    const source = compileHeader('[SOURce]:VOLTage[:LEVel]');
    for (const text of ['VOLT', 'SOUR:VOLT', 'SOURCE:VOLTAGE:LEV'])
      expect(source.matches(text.split(':'))).toBe(true);
  });

  it('continue the path of the header before, unless a colon begins them', () => {
    const nodes = (text: string): string[] => (parseMessage(text) ?? []).map((unit) => unit.nodes.join(':'));
    expect(nodes('SYST:ERR?;VERS?')).toEqual(['SYST:ERR', 'SYST:VERS']);
    expect(nodes('SYST:ERR?;*OPC?;:VOLT 5')).toEqual(['SYST:ERR', '*OPC', 'VOLT']);
    expect(parseMessage(`DISP:TEXT "a;b,c",2`)?.[0]?.parameters).toEqual(['"a;b,c"', '2']);
    expect(parseMessage('??')).toBeNull();
  });
});

describe('a simulated supply and meter', () => {
  it('power a unit, and measure its current', async () => {
    const powered: boolean[] = [];
    await using sim = await startSimInstruments({ timeScale: 0, onPower: (on) => powered.push(on) });
    using psu = new Line(sim.supply.address);
    expect(await psu.ask('*IDN?')).toBe('GONGWEI,SIM-PSU,PS000001,1.0');
    expect(await psu.ask('VOLT 5;CURR 0.5;*OPC?;:OUTP?')).toBe('1;0');
    expect(Number(await psu.ask('MEAS:CURR?'))).toBeCloseTo(0, 3);
    expect(await psu.ask('OUTP ON;*OPC?')).toBe('1');
    expect(powered).toEqual([true]);
    expect(Number(await psu.ask('MEAS:VOLT?'))).toBeCloseTo(5, 1);
    const amperes = Number(await psu.ask('MEAS:CURR?'));
    expect(amperes).toBeGreaterThan(0.03);
    expect(amperes).toBeLessThan(0.06);
    using dmm = new Line(sim.meter.address);
    expect(Number(await dmm.ask('MEAS:VOLT:DC?'))).toBeCloseTo(5, 2);
    // A range that is too small is overloaded.
    expect(Number(await dmm.ask('CONF:VOLT:DC 1;:READ?'))).toBe(9.9e37);
    // The supply limits the current: its voltage falls.
    expect(await psu.ask('CURR 0.01;*OPC?')).toBe('1');
    expect(Number(await psu.ask('MEAS:CURR?'))).toBeCloseTo(0.01, 3);
    expect(Number(await psu.ask('MEAS:VOLT?'))).toBeLessThan(2);
    await psu.ask('*RST;*OPC?');
    expect(powered).toEqual([true, false]);
  });

  it('answer readings as a block of numbers', async () => {
    await using sim = await startSimInstruments({ timeScale: 0 });
    using dmm = new Line(sim.meter.address);
    dmm.send('SAMP:COUN 3;:READ?;:TRAC:DATA?\n');
    await until(() => dmm.received.at(-1) === 0x0a && dmm.received.includes('#212'), 'the block');
    const at = dmm.received.indexOf('#212');
    expect(dmm.received.subarray(0, at).toString().split(',')).toHaveLength(3);
    expect(dmm.received.length).toBe(at + 4 + 12 + 1);
  });

  it('keep errors of all clients in one queue, in order, and say when it is full', async () => {
    await using sim = await startSimInstruments({ timeScale: 0 });
    using one = new Line(sim.supply.address);
    using other = new Line(sim.supply.address);
    one.send('VOLT 31\nVOLT\nVOLTS 3\nVOLT x\nVOLT 1,2\n');
    expect(await one.ask('SYST:ERR:COUN?')).toBe('5');
    const errors: string[] = [];
    for (let count = 0; count < 6; count++) errors.push(await other.ask('SYST:ERR?'));
    expect(errors.map((error) => Number.parseInt(error, 10))).toEqual([-222, -109, -113, -104, -108, 0]);
    expect(await one.ask('*ESR?')).toBe(String(128 + 16 + 32));
    one.send('FOO\n'.repeat(30));
    expect(await one.ask('SYST:ERR:COUN?')).toBe('20');
    expect(await one.ask('*CLS;SYST:ERR?')).toBe('+0,"No error"');
    // The rest of a message after a mistake is not executed.
    expect(await one.ask('VOLT 4;FOO;VOLT 9\nVOLT?')).toBe('+4.00000000E+00');
  });

  it('have faults', async () => {
    await using sim = await startSimInstruments({ timeScale: 0 });
    using psu = new Line(sim.supply.address);
    sim.supply.setFaults([{ fault: 'silent', times: 1 }]);
    psu.send('*IDN?\n');
    expect(await psu.ask('*OPC?')).toBe('1');
    sim.supply.setFaults([{ fault: 'error', code: '-240', times: 1 }]);
    psu.send('VOLT 3\n');
    expect(await psu.ask('SYST:ERR?')).toBe('-240,"Hardware error"');
    sim.supply.setFaults([{ fault: 'drop', times: 1 }]);
    psu.send('*IDN?\n');
    await until(() => psu.isClosed, 'the end of the connection');
    using again = new Line(sim.supply.address);
    expect(await again.ask('VOLT?')).toBe('+3.00000000E+00');
  });
});
