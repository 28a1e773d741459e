import { describe, expect, it } from 'vitest';

import { loadLibc, openPty } from '../../../simulator/pty/index.ts';
import { SerialLine } from '../../../simulator/serial-line/index.ts';
import { Terminal } from '../../kit/terminal.ts';

const libc = loadLibc();

describe('a simulated serial port', () => {
  it('loses bytes while no station has it open, and transmits later ones', async () => {
    const line = new SerialLine(openPty(libc), { baudRate: null, onReceive: () => undefined });
    try {
      const flood = setInterval(() => line.send(Buffer.alloc(1_000, 'old ')), 10);
      await expect.poll(() => line.lostBytes).toBeGreaterThan(50_000);
      clearInterval(flood);
      await using terminal = await Terminal.open(line.path);
      line.send(Buffer.from('new'));
      await terminal.expect(/new/);
      expect(terminal.all).toBe('new');
    } finally {
      line.close();
    }
  });

  it('loses nothing for a station that reads slowly', async () => {
    const line = new SerialLine(openPty(libc), { baudRate: null, onReceive: () => undefined });
    try {
      await using terminal = await Terminal.open(line.path);
      for (let n = 0; n < 300; n++) line.send(Buffer.alloc(1_000, String(n % 10)));
      await expect.poll(() => terminal.all.length).toBe(300_000);
      expect(line.lostBytes).toBe(0);
      for (let n = 0; n < 300; n++) expect(terminal.all[n * 1_000]).toBe(String(n % 10));
    } finally {
      line.close();
    }
  });

  it('receives a flood of the station at its own rate', async () => {
    let received = 0;
    const line = new SerialLine(openPty(libc), {
      baudRate: 460_800,
      onReceive: (bytes) => {
        received += bytes.length;
      },
    });
    try {
      await using terminal = await Terminal.open(line.path);
      const start = performance.now();
      void terminal.write(Buffer.alloc(20_000)).catch(() => undefined);
      await expect.poll(() => received).toBe(20_000);
      expect(performance.now() - start).toBeGreaterThanOrEqual(430);
    } finally {
      line.close();
    }
  });
});
