import { Fault } from '#shared/domain/fault.ts';
import { isTcpPath, parseTcpPath } from '../tcp/index.ts';

/** The Bluetooth adapter to use. */
export type AdapterChoice =
  /** An adapter of the operating system. `index` is the number of `hci0` on Linux; elsewhere there is one. */
  | { readonly kind: 'system'; readonly index: number | null }
  /** A controller with the H4 protocol on a serial port. */
  | { readonly kind: 'uart'; readonly path: string; readonly baudRate: number }
  /** A controller with the H4 protocol at a TCP address: a serial server, or a simulated adapter. */
  | { readonly kind: 'tcp'; readonly hostname: string; readonly port: number }
  /** A driver of the HCI library by name, for simulated adapters in this process. */
  | { readonly kind: 'driver'; readonly driver: string; readonly parameters: object };

/** Default of noble's UART driver and of most controllers with H4 firmware. */
const DEFAULT_BAUD_RATE = 1_000_000;

/** Reads `hci`, `hci1`, `uart:/dev/ttyACM0?115200` or `tcp://host:port`. Faults: `bad-input`. */
export function parseAdapter(text: string): AdapterChoice {
  if (isTcpPath(text)) return { kind: 'tcp', ...parseTcpPath(text) };
  const system = /^hci(\d*)$/.exec(text);
  if (system !== null) return { kind: 'system', index: system[1] === '' ? null : Number(system[1]) };
  const uart = /^uart:(?<path>[^?]+)(?:\?(?<baud>\d{3,8}))?$/.exec(text)?.groups;
  if (uart?.['path'] !== undefined) {
    return { kind: 'uart', path: uart['path'], baudRate: Number(uart['baud'] ?? DEFAULT_BAUD_RATE) };
  }
  throw new Fault('bad-input', `"${text}" is not the name of a Bluetooth adapter`, {
    hint: 'Write hci for the one of this computer, uart:/dev/ttyACM0 for one on a serial port, or tcp://host:port.',
  });
}

/** The adapter in words, for faults. */
export function describeAdapter(choice: AdapterChoice): string {
  switch (choice.kind) {
    case 'system':
      return choice.index === null
        ? 'the Bluetooth adapter of this computer'
        : `Bluetooth adapter hci${choice.index}`;
    case 'uart':
      return `the Bluetooth adapter on ${choice.path}`;
    case 'tcp':
      return `the Bluetooth adapter at tcp://${choice.hostname}:${choice.port}`;
    case 'driver':
      return `the Bluetooth adapter behind "${choice.driver}"`;
  }
}
