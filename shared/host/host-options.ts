import { Fault } from '../domain/fault.ts';
import { isSamePort } from '../domain/port-path.ts';
import { isNoPort } from '../domain/slot-port.ts';
import { MAX_SLOTS } from '../domain/slots.ts';

/** The hardware of a station, as chosen on the command line of its host or by environment variables. */
export interface HostOptions {
  /** Port of each slot in order, by path or location; empty: the ports that the station has stored. */
  readonly slots: readonly string[];
  /** Bluetooth adapter for all slots. */
  readonly ble: string | undefined;
  /** Port of the fixtures' relay board, which all slots share. */
  readonly board: string | undefined;
}

interface HostOption {
  /** The declaration for the terminal's commands. The desktop accepts `--name=VALUE`. */
  readonly flags: string;
  /** Environment variable by which one host passes it to another. */
  readonly variable: string;
  readonly help: string;
}

/** The hardware options of every host that opens a station. */
export const HOST_OPTIONS = {
  slot: {
    flags: '--slot <path...>',
    variable: 'GONGWEI_SLOTS',
    help: 'serial port of each slot in order, by path or USB location (usb:1-1.4); ble for a slot whose units have Bluetooth only',
  },
  ble: {
    flags: '--ble <adapter>',
    variable: 'GONGWEI_BLE',
    help: 'Bluetooth adapter for all slots: hci, hci1, uart:/dev/ttyACM0[?baud], or tcp://host:port',
  },
  board: {
    flags: '--board <path>',
    variable: 'GONGWEI_BOARD',
    help: "serial port of the fixtures' relay board, for all slots",
  },
} as const satisfies Record<string, HostOption>;

/** `start` sets it to `1` for the desktop when the station is that of a sample line. */
export const SAMPLE_LINE_VARIABLE = 'GONGWEI_SAMPLE_LINE';

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads `--slot=PATH` (repeatable), `--ble=ADAPTER`, `--board=PATH`, else the variables; ignores all other switches. */
export function readHostOptions(argv: readonly string[], env: Environment): HostOptions {
  const given = (name: keyof typeof HOST_OPTIONS): string[] => {
    const values = argv
      .filter((arg) => arg.startsWith(`--${name}=`))
      .map((arg) => arg.slice(name.length + 3));
    return values.length > 0 ? values : (env[HOST_OPTIONS[name].variable] ?? '').split('\n');
  };
  const last = (name: keyof typeof HOST_OPTIONS): string | undefined => given(name).at(-1) || undefined;
  return { slots: given('slot').filter((path) => path !== ''), ble: last('ble'), board: last('board') };
}

/** The same as environment variables: one slot per line, an empty text for an option that was not chosen. */
export function hostEnvironment({ slots, ble, board }: HostOptions): Readonly<Record<string, string>> {
  return {
    [HOST_OPTIONS.slot.variable]: slots.join('\n'),
    [HOST_OPTIONS.ble.variable]: ble ?? '',
    [HOST_OPTIONS.board.variable]: board ?? '',
  };
}

/** One slot per port, from 1. Faults: `bad-input` for an empty path, more than `MAX_SLOTS` ports, a port that occurs twice. */
export function slotsOf(
  paths: readonly string[],
  boardPath?: string,
): { readonly slot: number; readonly portPath: string; readonly boardPath: string | undefined }[] {
  if (paths.some((path) => path.trim() === ''))
    throw new Fault('bad-input', 'a slot has no port: its path is empty', {
      hint: 'Name the port of each slot, or leave --slot out.',
    });
  if (paths.length > MAX_SLOTS)
    throw new Fault('bad-input', `${paths.length} slots are named`, {
      hint: `A station has up to ${MAX_SLOTS}.`,
    });
  const twice = paths.find(
    (path, index) => paths.findIndex((other) => isSamePort(path, other)) !== index && !isNoPort(path),
  );
  if (twice !== undefined)
    throw new Fault('bad-input', `${twice} is named for two slots`, {
      hint: 'Each slot has a port of its own.',
    });
  return paths.map((portPath, index) => ({ slot: index + 1, portPath, boardPath }));
}
