import type { DevicePort, SerialSettings } from '../../../core/platform/index.ts';

/*
 * The Telnet option that controls a serial port. Source: RFC 2217. A server answers each command with its number plus 100 and
 * the value that is now in force.
 */

const COMMAND = {
  baudRate: 1,
  dataSize: 2,
  parity: 3,
  stopSize: 4,
  control: 5,
  lineStateMask: 10,
  modemStateMask: 11,
  purge: 12,
} as const;
const ANSWER = 100;
/** The server cannot take more data now; and can again. */
export const SUSPEND = 108;
export const RESUME = 109;

const PARITY = { none: 1, odd: 2, even: 3 } as const;
const FLOW = { none: 1, 'rts-cts': 3 } as const;
const BREAK = { on: 5, off: 6 } as const;
const DTR = { on: 8, off: 9 } as const;
const RTS = { on: 11, off: 12 } as const;
const PURGE = { transmit: 2, both: 3 } as const;

/** A command for the port of a server. */
export interface ComPortCommand {
  /** For people: `115200 baud`, `DTR on`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /**
   * Whether this is the answer to the command: `confirmed` when the value is in force, `refused` when another one is, null when
   * it answers something else. Absent on a command whose answer is not waited for, because servers leave it out.
   */
  readonly answeredBy?: (answer: Uint8Array) => 'confirmed' | 'refused' | null;
}

function command(name: string, number: number, value: Uint8Array): ComPortCommand {
  return {
    name,
    bytes: Uint8Array.of(number, ...value),
    answeredBy: ([first, ...rest]) => {
      if (first !== number + ANSWER) return null;
      return rest.length === value.length && rest.every((byte, i) => byte === value[i])
        ? 'confirmed'
        : 'refused';
    },
  };
}

/** A control command; its answer is one of the values of the same line. */
function control(name: string, value: number, line: readonly number[]): ComPortCommand {
  return {
    name,
    bytes: Uint8Array.of(COMMAND.control, value),
    answeredBy: ([first, answered]) => {
      if (first !== COMMAND.control + ANSWER || answered === undefined || !line.includes(answered))
        return null;
      return answered === value ? 'confirmed' : 'refused';
    },
  };
}

export function baudRateCommand(baudRate: number): ComPortCommand {
  const value = new Uint8Array(4);
  new DataView(value.buffer).setUint32(0, baudRate);
  return command(`${baudRate} baud`, COMMAND.baudRate, value);
}

/** Discards what the server holds, and switches off the reports of lines, which are not read. */
export function settingCommands(settings: SerialSettings): ComPortCommand[] {
  const { baudRate, dataBits = 8, parity = 'none', stopBits = 1, flowControl = 'none' } = settings;
  return [
    purgeCommand('both'),
    { name: 'no reports', bytes: Uint8Array.of(COMMAND.lineStateMask, 0) },
    { name: 'no reports', bytes: Uint8Array.of(COMMAND.modemStateMask, 0) },
    baudRateCommand(baudRate),
    command(`${dataBits} data bits`, COMMAND.dataSize, Uint8Array.of(dataBits)),
    command(`parity ${parity}`, COMMAND.parity, Uint8Array.of(PARITY[parity])),
    command(`${stopBits} stop bits`, COMMAND.stopSize, Uint8Array.of(stopBits)),
    control(`flow control ${flowControl}`, FLOW[flowControl], Object.values(FLOW)),
  ];
}

export function purgeCommand(which: keyof typeof PURGE): ComPortCommand {
  return { name: 'purge', bytes: Uint8Array.of(COMMAND.purge, PURGE[which]) };
}

/** In the order DTR, RTS, break, as a local port sets them at once. */
export function lineCommands({
  dtr,
  rts,
  brk,
}: Parameters<NonNullable<DevicePort['setControlLines']>>[0]): ComPortCommand[] {
  const line = (name: string, on: boolean | undefined, values: { on: number; off: number }) =>
    on === undefined
      ? []
      : [control(`${name} ${on ? 'on' : 'off'}`, on ? values.on : values.off, Object.values(values))];
  return [...line('DTR', dtr, DTR), ...line('RTS', rts, RTS), ...line('break', brk, BREAK)];
}
