import { expect, test } from 'vitest';
import { readMachineId } from '../../../../../station/devices/drivers/node/machine-id.ts';

/** As `reg query` and `ioreg` print them. */
const REGISTRY =
  '\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Cryptography\r\n    MachineGuid    REG_SZ    0B1C2D3E-4F50-6172-8394-A5B6C7D8E9F0\r\n\r\n';
const PLATFORM = `+-o J314sAP  <class IOPlatformExpertDevice, id 0x10000023d, registered>
    {
      "IOPlatformSerialNumber" = "C02XXXXXXXXX"
      "IOPlatformUUID" = "0B1C2D3E-4F50-6172-8394-A5B6C7D8E9F0"
    }
`;
const ID = '0b1c2d3e4f50617283 94a5b6c7d8e9f0'.replace(' ', '');

test('a computer with Windows or macOS has an id that its disk does not take along', () => {
  const asked: string[] = [];
  const print = (output: string) => (file: string, args: readonly string[]) => {
    asked.push([file, ...args].join(' '));
    return output;
  };
  expect(readMachineId('windows', print(REGISTRY))).toBe(ID);
  expect(readMachineId('macos', print(PLATFORM))).toBe(ID);
  expect(asked[0]).toContain('reg.exe query HKLM\\SOFTWARE\\Microsoft\\Cryptography /v MachineGuid /reg:64');
  expect(asked[1]).toBe('/usr/sbin/ioreg -rd1 -c IOPlatformExpertDevice');
});

test('a program that is missing, or prints something else, gives none', () => {
  expect(readMachineId('windows', () => 'ERROR: The system was unable to find the key')).toBeNull();
  const fails = (): never => {
    throw new Error('ENOENT');
  };
  expect(readMachineId('macos', fails)).toBeNull();
});
