import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { BaudRatePacer } from '../../../simulator/serial-line/index.ts';

describe('a paced serial port', () => {
  it('takes ten bit times per byte', async () => {
    const baudRate = 115_200;
    const bytes = new Uint8Array(2_304); // 200 ms at 115200
    let arrived = 0;
    const start = performance.now();
    await new Promise<void>((resolve) => {
      const pacer = new BaudRatePacer(baudRate, (part) => {
        arrived += part.length;
        const carriedMs = performance.now() - start;
        // Never ahead of the line.
        expect(arrived).toBeLessThanOrEqual(Math.ceil((carriedMs * baudRate) / 10_000) + 1);
        if (arrived === bytes.length) resolve();
      });
      pacer.push(bytes.subarray(0, 100));
      pacer.push(bytes.subarray(100));
    });
    const tookMs = performance.now() - start;
    expect(tookMs).toBeGreaterThanOrEqual(200);
  });

  it('keeps bytes and their order, whatever the pieces and pauses', async () => {
    const segment = fc.record({
      bytes: fc.uint8Array({ minLength: 0, maxLength: 40 }),
      pauseMs: fc.constantFrom(0, 0, 0, 1, 3),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(segment, { maxLength: 12 }),
        fc.constantFrom(null, 460_800, 3_000_000),
        async (segments, baudRate) => {
          const sent = segments.flatMap(({ bytes }) => [...bytes]);
          const seen: number[] = [];
          await new Promise<void>((resolve) => {
            const check = (): void => {
              if (seen.length === sent.length) resolve();
            };
            const pacer = new BaudRatePacer(baudRate, (part) => {
              seen.push(...part);
              check();
            });
            for (const { bytes, pauseMs } of segments) pacer.push(bytes, pauseMs);
            check();
          });
          expect(seen).toEqual(sent);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is silent for as long as asked before a piece', async () => {
    const times: number[] = [];
    await new Promise<void>((resolve) => {
      const pacer = new BaudRatePacer(null, () => {
        times.push(performance.now());
        if (times.length === 2) resolve();
      });
      pacer.push(new Uint8Array(1));
      pacer.push(new Uint8Array(1), 50);
    });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(50);
  });

  it('discards pending bytes when it is closed', async () => {
    let arrived = 0;
    const pacer = new BaudRatePacer(9_600, (part) => {
      arrived += part.length;
    });
    pacer.push(new Uint8Array(1_000));
    pacer.close();
    pacer.push(new Uint8Array(10));
    // One that was not closed has carried as much by the time.
    let carried = 0;
    await new Promise<void>((resolve) => {
      const other = new BaudRatePacer(9_600, (part) => {
        carried += part.length;
        if (carried === 20) resolve();
      });
      other.push(new Uint8Array(20));
    });
    expect(arrived).toBe(0);
    expect(pacer.pendingBytes).toBe(0);
  });
});
