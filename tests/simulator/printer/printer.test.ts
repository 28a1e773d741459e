import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runSimPrinter, startSimPrinter } from '#simulator';
import type { PrinterEvent } from '../../../simulator/printer/index.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { faultOf } from '../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';
import { until } from '../../support/until.ts';

/** Sends bytes in pieces of `size` and collects what comes back. */
async function talk(
  port: number,
  bytes: Buffer,
  size = bytes.length,
): Promise<{ answer(): Buffer; end(): void }> {
  const socket = connect({ host: '127.0.0.1', port });
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  socket.on('error', () => undefined);
  for (let at = 0; at < bytes.length; at += size)
    await new Promise<void>((resolve) => socket.write(bytes.subarray(at, at + size), () => resolve()));
  return { answer: () => Buffer.concat(received), end: () => socket.destroy() };
}

describe('a simulated printer', () => {
  it('takes a graphic with bytes that look like commands as one label, in any pieces', async () => {
    using dir = tempDir('sim-printer');
    const graphic = Buffer.from('^XZ~HS\r\nPRINT 1,1\r\n\x1b!?', 'latin1');
    const zpl = Buffer.concat([
      Buffer.from(`^XA^FO0,0^GFB,${graphic.length},${graphic.length},1,`),
      graphic,
      Buffer.from('^FS^XZ\n'),
    ]);
    const tspl = Buffer.concat([
      Buffer.from(`SIZE 50 mm,30 mm\r\nCLS\r\nBITMAP 0,0,${graphic.length},1,0,`),
      graphic,
      Buffer.from('\r\nPRINT 1,1\r\n'),
    ]);
    for (const [language, label] of [
      ['zpl', zpl],
      ['tspl', tspl],
    ] as const) {
      await using printer = await startSimPrinter({ language, dir: join(dir.path, language) });
      for (const size of [1, label.length]) {
        const line = await talk(printer.port, label, size);
        const number = size === 1 ? 1 : 2;
        await until(() => printer.printed === number, 'the label');
        // A question inside of a graphic is none.
        expect(line.answer().length).toBe(0);
        line.end();
        const file = join(dir.path, language, `label-000${number}.${language}`);
        expect(readFileSync(file).toString('latin1').trim()).toBe(label.toString('latin1').trim());
      }
    }
  });

  it('answers in the form of its language while it is stopped', async () => {
    using dir = tempDir('sim-printer');
    await using zpl = await startSimPrinter({
      language: 'zpl',
      dir: dir.path,
      faults: [{ fault: 'paper-out' }, { fault: 'head-open' }],
    });
    const asked = await talk(zpl.port, Buffer.from('~HS'));
    await until(() => asked.answer().toString('latin1').split('\x03').length === 4, 'three strings');
    const strings = asked.answer().toString('latin1').split('\r\n');
    expect(strings[0]).toBe('\x02030,1,0,0320,000,0,0,0,000,0,0,0\x03');
    expect(strings[1]?.startsWith('\x02001,0,1,0,')).toBe(true);
    asked.end();
    await using tspl = await startSimPrinter({
      language: 'tspl',
      dir: dir.path,
      faults: [{ fault: 'paper-out' }, { fault: 'head-open' }],
    });
    const byte = await talk(tspl.port, Buffer.from('\x1b!?', 'latin1'));
    await until(() => byte.answer().length > 0, 'the byte');
    expect([...byte.answer()]).toEqual([0x05]);
    byte.end();
  });

  it('prints a label twice, the label before, or a part of it, as its faults say', async () => {
    using dir = tempDir('sim-printer');
    const events: PrinterEvent[] = [];
    await using printer = await startSimPrinter({
      language: 'zpl',
      dir: dir.path,
      onEvent: (event) => events.push(event),
    });
    const label = (text: string) => Buffer.from(`^XA^PW80^LL40^FO0,0^GB80,40,40^FS^FD${text}^FS^XZ`);
    const send = async (text: string, printed: number) => {
      const line = await talk(printer.port, label(text));
      await until(() => printer.printed === printed, `label ${printed}`);
      line.end();
    };
    const contents = () =>
      events.flatMap((event) =>
        event.event === 'sim.printed' ? [/FD(.*)\^FS/.exec(readFileSync(event.file, 'latin1'))?.[1]] : [],
      );
    await send('first', 1);
    await printer.setFaults([{ fault: 'double', times: 1 }]);
    await send('second', 3);
    await printer.setFaults([{ fault: 'old', times: 1 }]);
    await send('third', 4);
    await printer.setFaults([{ fault: 'cut-off', part: 0.25, times: 1 }]);
    await send('fourth', 5);
    await send('fifth', 6);
    expect(contents()).toEqual(['first', 'second', 'second', 'second', 'fourth', 'fifth']);
    const cut = events.flatMap((event) => (event.event === 'sim.printed' ? [event.isCut] : []));
    expect(cut).toEqual([false, false, false, false, true, false]);
  });

  it('that is offline cannot be reached until it is online again', async () => {
    using dir = tempDir('sim-printer');
    const offline = [{ fault: 'offline' }] as const;
    await using printer = await startSimPrinter({ language: 'tspl', dir: dir.path, faults: offline });
    const reach = () =>
      new Promise<string>((resolve) => {
        const socket = connect({ host: '127.0.0.1', port: printer.port });
        socket.once('connect', () => resolve('connected')).once('error', (error) => resolve(error.message));
        socket.once('close', () => socket.destroy());
        socket.once('connect', () => socket.destroy());
      });
    expect(await reach()).toContain('ECONNREFUSED');
    await printer.setFaults([]);
    expect(await reach()).toBe('connected');
    await printer.setFaults(offline);
    expect(await reach()).toContain('ECONNREFUSED');
  });

  it('as a command announces its port and folder, and takes other faults from a line', async () => {
    using dir = tempDir('sim-printer');
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const lines: Record<string, unknown>[] = [];
    stdout.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n').filter(Boolean)) lines.push(JSON.parse(line) as never);
    });
    const stop = new AbortController();
    const command = { language: 'zpl', dir: dir.path } as const;
    const done = runSimPrinter(command, { stdin, stdout }, stop.signal);
    const event = (name: string) => until(() => lines.find((line) => line['event'] === name), name);
    expect(await event('sim.printer')).toMatchObject({ port: expect.any(Number), dir: dir.path });
    stdin.write('{"faults":["smoke"]}\n');
    expect(await event('sim.error')).toMatchObject({ code: 'bad-input' });
    stdin.write('{"faults":["paper-out"]}\n');
    expect(await event('sim.faults')).toMatchObject({ faults: [{ fault: 'paper-out' }] });
    stop.abort();
    await done;
    const missing = { ...command, faultsFile: join(dir.path, 'none.json') };
    const fault = await faultOf(() => runSimPrinter(missing, { stdin, stdout }, NEVER_ABORTED));
    expect(fault.code).toBe('file-missing');
  });
});
