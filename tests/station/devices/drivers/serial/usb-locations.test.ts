import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSerialPorts, portsByUsbSocket } from '../../../../../station/devices/drivers/serial/index.ts';
import { toPortInfo } from '../../../../../station/devices/drivers/serial/list-ports.ts';
import { listUsbSerialPorts } from '../../../../../station/devices/drivers/serial/list-usb-serial-ports.ts';
import type { PortInfo } from '../../../../../station/core/platform/index.ts';
import { TestSimulator } from '../../../../kit/test-simulator.ts';
import { faultOf } from '../../../../support/fault-of.ts';
import { tempDir } from '../../../../support/temp-dir.ts';
import { soon } from '../../../../support/patience.ts';

const HUB = 'devices/pci0000:00/0000:00:14.0/usb1/1-1';

/** Plugs an adapter into a made-up /sys, the way Linux shows it. */
function plug(sys: string, tty: string, device: string, words: Readonly<Record<string, string>> = {}): void {
  mkdirSync(join(sys, device), { recursive: true });
  for (const [name, text] of Object.entries(words)) writeFileSync(join(sys, device, name), `${text}\n`);
  mkdirSync(join(sys, 'class/tty', tty), { recursive: true });
  symlinkSync(join(sys, device), join(sys, 'class/tty', tty, 'device'));
}

describe('the ports of Linux', () => {
  it('are listed with their USB locations, which do not depend on their names', async () => {
    using dir = tempDir('sys');
    mkdirSync(join(dir.path, HUB, '1-1.4'), { recursive: true });
    writeFileSync(join(dir.path, HUB, '1-1.4', 'manufacturer'), 'QinHeng\n');
    writeFileSync(join(dir.path, HUB, '1-1.4', 'product'), 'USB Serial\n');
    // A USB-to-serial chip, a CDC device, a chip with four ports, one with two on one interface, a port of the board.
    plug(dir.path, 'ttyUSB0', `${HUB}/1-1.4/1-1.4:1.0/ttyUSB0`);
    plug(dir.path, 'ttyACM0', `${HUB}/1-1.2/1-1.2:1.0`);
    plug(dir.path, 'ttyUSB3', `${HUB}/1-1.3/1-1.3:1.2/ttyUSB3`);
    plug(dir.path, 'ttyUSB10', `${HUB}/1-1.1/1-1.1.4/1-1.1.4:1.0/ttyUSB10`, { port_number: '1' });
    plug(dir.path, 'ttyS0', 'devices/pnp0/00:04');
    mkdirSync(join(dir.path, 'class/tty/console'), { recursive: true });
    expect(await listUsbSerialPorts(dir.path)).toEqual([
      { path: '/dev/ttyACM0', usbPath: 'usb:1-1.2', title: null },
      { path: '/dev/ttyUSB0', usbPath: 'usb:1-1.4', title: 'QinHeng USB Serial' },
      { path: '/dev/ttyUSB3', usbPath: 'usb:1-1.3:2', title: null },
      { path: '/dev/ttyUSB10', usbPath: 'usb:1-1.1.4#1', title: null },
    ]);

    // Out, and in again into the same socket after another one took its name.
    rmSync(join(dir.path, 'class/tty/ttyUSB0'), { recursive: true });
    plug(dir.path, 'ttyUSB11', `${HUB}/1-1.4/1-1.4:1.0/ttyUSB11`);
    const again = (await listUsbSerialPorts(dir.path)).find(({ usbPath }) => usbPath === 'usb:1-1.4');
    expect(again).toEqual({ path: '/dev/ttyUSB11', usbPath: 'usb:1-1.4', title: 'QinHeng USB Serial' });
  });

  it('are none where there is no /sys', async () => {
    expect(await listUsbSerialPorts('/nowhere')).toEqual([]);
  });
});

describe('the ports of other systems', () => {
  it.each([
    [{ path: '/dev/tty.usbserial-14', locationId: '14200000' }, 'usb:14200000'],
    [
      { path: 'COM3', locationId: 'Port_#0004.Hub_#0001', pnpId: 'USB\\VID_1A86&PID_7523\\5&2C0D' },
      'usb:Port_#0004.Hub_#0001',
    ],
    [{ path: 'COM4', pnpId: 'USB\\VID_1A86&PID_7523\\5&2C0D4C8&0&4' }, 'usb:5&2C0D4C8&0&4'],
    [{ path: 'COM1', pnpId: 'ACPI\\PNP0501\\0' }, null],
  ])('%j has the place %s', (raw, usbPath) => {
    expect(toPortInfo(raw)).toEqual({ path: raw.path, usbPath, title: null });
  });
});

describe('a port', () => {
  it('is lost when its cable is pulled, also when another adapter has its name at once', async () => {
    await using simulator = await TestSimulator.start({ count: 2 });
    using dir = tempDir('swapped');
    const path = join(dir.path, 'ttyUSB0');
    symlinkSync(simulator.pathOf(1), path);
    const signal = soon();
    await using link = await createSerialPorts().open(path, { baudRate: 115_200 }, signal);
    const lost = new Promise((resolve) => link.onLost(resolve));
    rmSync(path);
    symlinkSync(simulator.pathOf(2), path);
    expect(await lost).toMatchObject({ code: 'port-lost', details: { port: path } });
  });
});

describe('a port that is named by its place', () => {
  it('is opened under the name it has now; a path is opened as it is given', async () => {
    await using simulator = await TestSimulator.start({ count: 2 });
    const at = (path: string): PortInfo => ({ path, usbPath: 'usb:1-1.4', title: null });
    let list: PortInfo[] = [at(simulator.pathOf(1))];
    const ports = portsByUsbSocket(createSerialPorts(), () => Promise.resolve(list));
    const signal = soon();
    const opened = async (path: string): Promise<string> => {
      await using link = await ports.open(path, { baudRate: 115_200 }, signal);
      return link.path;
    };
    expect(await opened('usb:1-1.4')).toBe(simulator.pathOf(1));
    list = [at(simulator.pathOf(2))];
    expect(await opened('usb:1-1.4')).toBe(simulator.pathOf(2));
    expect(await opened(simulator.pathOf(1))).toBe(simulator.pathOf(1));
    list = [];
    expect(await faultOf(() => opened('usb:1-1.4'))).toMatchObject({
      code: 'port-missing',
      details: { port: 'usb:1-1.4' },
    });
    // An adapter that was plugged in again has another name, which the message shows.
    expect((await faultOf(() => opened('/dev/ttyUSB99'))).message).toBe('there is no port /dev/ttyUSB99');
    list = [at('/dev/ttyUSB7')];
    const renamed = await faultOf(() => opened('/dev/ttyUSB99'));
    expect(renamed.message).toBe('there is no port /dev/ttyUSB99; connected now: /dev/ttyUSB7');
    expect(renamed).toMatchObject({
      code: 'port-missing',
      hint: expect.stringMatching(/USB location/) as string,
    });
  });
});
