import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { DiskMonitor, DISK_LIMITS } from '../../../../station/administration/health/disk-monitor.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { manualClock } from '../../../support/manual-clock.ts';

const MB = 1024 * 1024;
const MINUTE = 60_000;

function watched(freeMb: number) {
  const clock = manualClock();
  const disk = { bytes: (freeMb * MB) as number | null };
  let allocated = false;
  const diskReserve = {
    isAllocated: () => allocated,
    allocate: () => (allocated = disk.bytes === null || disk.bytes > 10 * MB),
    release: () => {
      const before = allocated;
      allocated = false;
      return before;
    },
  };
  const monitor = new DiskMonitor('/data', { diskReserve }, clock, DISK_LIMITS, () => disk.bytes);
  return { clock, disk, diskReserve, monitor };
}

describe('the disk monitor', () => {
  it.each([
    [5000, { low: false, full: false }],
    [500, { low: false, full: false }],
    [499, { low: true, full: false }],
    [64, { low: true, full: false }],
    [63, { low: true, full: true }],
    [0, { low: true, full: true }],
  ])('calls %i MB what they are', async (freeMb, said) => {
    const { monitor } = watched(freeMb);
    expect(monitor.state()).toMatchObject(said);
    if (!said.full) return monitor.requireCanRecord();
    const fault = await faultOf(() => monitor.requireCanRecord());
    expect(fault).toMatchObject({ code: 'disk-full', details: { freeBytes: freeMb * MB } });
    expect(fault.message).toContain('/data');
  });

  it('says an hour ahead that it will be full, at whatever size', async () => {
    const { clock, disk, monitor } = watched(100_000);
    // 20 GB an hour: nobody would call 100 GB little, and in under five hours the line would stand.
    let toldAtMb: number | null = null;
    while (!monitor.state().full) {
      await clock.pass(MINUTE);
      disk.bytes = (disk.bytes ?? 0) - (20_000 / 60) * MB;
      monitor.check();
      if (monitor.state().low) toldAtMb ??= disk.bytes / MB;
    }
    expect(toldAtMb).toBeGreaterThan(19_000);
    expect(toldAtMb).toBeLessThan(21_000);
  });

  it('takes one large file for one large file, not for a trend', async () => {
    const { clock, disk, monitor } = watched(10_000);
    await clock.pass(MINUTE);
    disk.bytes = 2000 * MB;
    monitor.check();
    expect(monitor.state()).toMatchObject({ low: false, hoursLeft: null });
  });

  it('measures time by the clock that cannot be set', async () => {
    const { clock, disk, monitor } = watched(3000);
    for (let minute = 0; minute < 30; minute += 1) {
      await clock.pass(MINUTE);
      clock.jump(minute % 2 === 0 ? -86_400_000 : 90_000_000);
      disk.bytes = (disk.bytes ?? 0) - 10 * MB;
      monitor.check();
    }
    expect(monitor.state().hoursLeft).toBeCloseTo((2700 - 64) / 600, 1);
  });

  it('stops when the reserve cannot be allocated, and allocates it again as soon as there is space', () => {
    const { disk, diskReserve, monitor } = watched(200);
    diskReserve.release();
    disk.bytes = 5 * MB;
    expect(monitor.check()).toBe(true);
    expect(monitor.state().full).toBe(true);
    disk.bytes = 200 * MB;
    expect(monitor.check()).toBe(true);
    expect(diskReserve.isAllocated()).toBe(true);
    expect(monitor.state()).toMatchObject({ full: false, low: true });
  });

  it('names the cause when the reserve cannot be allocated on a disk with space, and calls it not full', async () => {
    const denied = new Fault('file-denied', '/data/station.spare cannot be written');
    let fault: Fault | null = denied;
    const diskReserve = {
      isAllocated: () => false,
      allocate: () => {
        if (fault !== null) throw fault;
        return true;
      },
      release: () => false,
    };
    const monitor = new DiskMonitor('/data', { diskReserve }, manualClock(), DISK_LIMITS, () => 5000 * MB);
    expect(monitor.state()).toMatchObject({ low: false, full: false, fault: { code: 'file-denied' } });
    expect(await faultOf(() => monitor.requireCanRecord())).toBe(denied);
    fault = null;
    expect(monitor.check()).toBe(true);
    expect(monitor.state().fault).toBeNull();
    monitor.requireCanRecord();
  });

  it('goes on when the file system does not say how much is left', () => {
    const { disk, monitor } = watched(200);
    disk.bytes = null;
    monitor.check();
    expect(monitor.state()).toEqual({
      freeBytes: null,
      low: false,
      full: false,
      fault: null,
      hoursLeft: null,
    });
    monitor.requireCanRecord();
  });

  it('is never full without being low, and always lets a unit in when it is not full', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000), { maxLength: 40 }), (history) => {
        const { disk, monitor } = watched(3000);
        for (const freeMb of history) {
          disk.bytes = freeMb * MB;
          monitor.check();
          const { low, full } = monitor.state();
          expect(full && !low).toBe(false);
          expect(full).toBe(freeMb < 64);
          if (!full) monitor.requireCanRecord();
        }
      }),
    );
  });
});
