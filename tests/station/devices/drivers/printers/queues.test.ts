import { describe, expect, it } from 'vitest';
import { readCupsState } from '../../../../../station/devices/drivers/printers/cups-queues.ts';
import { readWindowsQueues } from '../../../../../station/devices/drivers/printers/windows-queues.ts';

describe('what lpstat prints about a queue', () => {
  it('is read as working, stopped with its reason, refusing, or no queue', () => {
    const idle =
      'printer Label is idle.  enabled since Mon 30 Nov 2026 12:00:00\nLabel accepting requests since Mon 30 Nov 2026\n';
    expect(readCupsState(idle)).toEqual({ isWorking: true, reason: null });
    const printing = 'printer Label now printing Label-3.  enabled since Mon 30 Nov 2026 12:00:00\n';
    expect(readCupsState(printing)).toMatchObject({ isWorking: true });
    const disabled = 'printer Label disabled since Mon 30 Nov 2026 12:00:00 -\n\tPaused\n';
    expect(readCupsState(disabled)).toEqual({ isWorking: false, reason: 'Paused' });
    const refusing =
      'printer Label is idle.  enabled since Mon 30 Nov 2026\nLabel not accepting requests since Mon 30 Nov 2026 -\n\tRejecting Jobs\n';
    expect(readCupsState(refusing)).toMatchObject({ isWorking: false });
    expect(readCupsState('')).toBeNull();
  });
});

describe('what Windows lists as printers', () => {
  it('is read with names in any language, and as none when it is no list', () => {
    const text =
      '[{"Name":"标签 1","DriverName":"ZDesigner","Status":"Normal","Jobs":0},{"Name":"PDF","DriverName":null,"Status":"Paused, Offline","Jobs":2}]';
    expect(readWindowsQueues(text).map(({ Name, Jobs }) => [Name, Jobs])).toEqual([
      ['标签 1', 0],
      ['PDF', 2],
    ]);
    expect(readWindowsQueues('Get-Printer : The term is not recognized')).toEqual([]);
  });
});
