import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { STATION_ITSELF } from '#station';
import { startCommand, writeSerials } from '../../../kit/command-line.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { startStation } from '../../../kit/station.ts';
import { serialOf, simulated } from '../../../kit/units.ts';

/** The three strings of a printer that is ready. */
const READY =
  '\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n';

/** A printer that calls `onByte` with the number of bytes of labels that it has got, and prints what is whole. */
function startPrinter(onBytes: (received: number) => void) {
  const printed: string[] = [];
  const server = createServer((socket: Socket) => {
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      for (let at = text.indexOf('~HS\r\n'); at >= 0; at = text.indexOf('~HS\r\n')) {
        text = text.slice(0, at) + text.slice(at + 5);
        socket.write(READY);
      }
      if (text.length > 0) onBytes(text.length);
      for (let at = text.indexOf('^XZ'); at >= 0; at = text.indexOf('^XZ')) {
        printed.push(text.slice(0, at + 3));
        text = text.slice(at + 3).trimStart();
      }
    });
  });
  return new Promise<{ port: number; printed: string[]; close(): Promise<void> }>((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        printed,
        close: () => new Promise((closed) => void server.close(() => closed())),
      }),
    ),
  );
}

describe('a station that is killed while it prints', () => {
  it.each(['before the first byte', 'after it'] as const)(
    'prints no label twice, and loses none: %s',
    async (when) => {
      await using setup = await startStation({
        units: simulated(1),
        registry: 'real',
        triples: 2,
        recipe: moduleRecipe({ steps: '  - name: label\n    steps: [{ verb: label, print: on-pass }]\n' }),
      });
      let kill: (() => void) | null = null;
      const printer = await startPrinter(() => {
        if (when === 'after it') kill?.();
      });
      const place = `tcp://127.0.0.1:${printer.port}`;
      const size = { dpi: 203, widthMm: 50, heightMm: 30, gapMm: 2, baudRate: 9600 } as const;
      setup.station.printerSettings.set({ place, language: 'zpl', ...size }, STATION_ITSELF);
      await setup.close();
      const serials = writeSerials(setup.dir, [serialOf(1)]);
      const args = [
        'run',
        '--batch',
        'test',
        '--slot',
        setup.ports[0] ?? '',
        '--serials',
        serials,
        '--json',
        '--data',
        setup.dataDir,
      ];
      await using command = startCommand(args);
      kill = () => command.signal('SIGKILL');
      if (when === 'before the first byte') {
        await command.event('run.finished');
        command.signal('SIGKILL');
      }
      await command.ended;
      kill = null;
      await setup.restart();
      const row = () => setup.readDatabase((database) => database.labelPrints.list(1)[0]);
      await setup.station.labels.whenSettled(1, AbortSignal.timeout(60_000), true);
      const after = row();
      // It is printed by the new start when nothing had left, and asked about when something had.
      expect(['printed', 'unconfirmed']).toContain(after?.state);
      expect(printer.printed.length).toBeLessThanOrEqual(1);
      if (after?.state === 'printed') expect(printer.printed).toHaveLength(1);
      if (when === 'after it') expect(after?.state).toBe('unconfirmed');
      await printer.close();
    },
  );
});
