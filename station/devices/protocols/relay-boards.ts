import { KeyedSequencer, withDeadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Clock, DevicePort, DevicePorts } from '../../core/platform/index.ts';
import { SecretMask } from '../../core/secret-mask/index.ts';
import { type ReceivedData, SerialIo } from '../serial-io/index.ts';

const BAUD_RATES = { lcus: 9600, numato: 115_200 } as const;
/** Limit of a command, from its first byte to the end of the answer. */
const COMMAND_TIMEOUT_MS = 1000;
/** Abort reason of a send whose limit has passed; shared, because creating an Error is expensive. */
const ENDED = new Fault('cancelled', 'the command has ended');

/**
 * `lcus`: four bytes `A0 relay state sum`, relays counted from 1, no answer (LCUS-1/-2/-4/-8 USB relay boards).
 * `numato`: the text commands `relay on 0`, `relay off 0`, `gpio read 0`, each ended by CR and answered with `>`
 * (Numato USB relay and GPIO modules, user guide, "Command set").
 */
export type RelayBoardKind = keyof typeof BAUD_RATES;

export interface RelayBoard {
  /** Faults: `port-lost`, `not-configured` when the board does not answer or takes no bytes, the signal's reason. */
  setRelay(channel: number, on: boolean, signal: AbortSignal): Promise<void>;
  /** Level of an input. Faults: as `setRelay`; `not-configured` for a board without inputs. */
  readInput(pin: number, signal: AbortSignal): Promise<0 | 1>;
}

/** The relay boards of this station, each used by one slot at a time. */
export interface RelayBoards {
  /** Opens the board's port, does the work, closes it. Faults: those of the port and of `RelayBoard`, the signal's reason. */
  use<T>(
    path: string,
    kind: RelayBoardKind,
    work: (board: RelayBoard) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>;
}

export function createRelayBoards(ports: DevicePorts, clock: Clock): RelayBoards {
  const sequencer = new KeyedSequencer<string>();
  return {
    use(path, kind, work, signal) {
      const task = async (): ReturnType<typeof work> => {
        await using port = await ports.open(path, { baudRate: BAUD_RATES[kind] }, signal);
        return await work(openBoard(port, kind, clock));
      };
      return sequencer.run(path, task, signal);
    },
  };
}

function openBoard(port: DevicePort, kind: RelayBoardKind, clock: Clock): RelayBoard {
  // No secret is ever sent to a relay board.
  const io = new SerialIo(port, { clock, mask: new SecretMask(), framing: null });
  const send = async (bytes: Uint8Array, command: string, signal: AbortSignal): Promise<void> => {
    const ended = new AbortController();
    const until = AbortSignal.any([signal, ended.signal]);
    const onTimeout = (): never => {
      throw noAnswer(io, command);
    };
    try {
      const sent = (): Promise<void> => io.send(bytes, until);
      await withDeadline(sent, { timeoutMs: COMMAND_TIMEOUT_MS, signal, timer: clock, onTimeout });
    } finally {
      ended.abort(ENDED);
    }
  };
  return kind === 'lcus' ? lcusBoard(send) : numatoBoard(io, send);
}

type Send = (bytes: Uint8Array, command: string, signal: AbortSignal) => Promise<void>;

function lcusBoard(send: Send): RelayBoard {
  return {
    setRelay(channel, on, signal) {
      const state = on ? 1 : 0;
      const bytes = Uint8Array.of(0xa0, channel, state, (0xa0 + channel + state) & 0xff);
      return send(bytes, `relay ${channel} ${on ? 'on' : 'off'}`, signal);
    },
    readInput: () =>
      Promise.reject(
        new Fault('not-configured', 'an LCUS board has no inputs', { hint: 'Use a numato board.' }),
      ),
  };
}

function numatoBoard(io: SerialIo, send: Send): RelayBoard {
  const findPrompt = (received: ReceivedData): string | null => {
    const match = /^([^>]*)>/u.exec(received.text);
    if (match === null) return null;
    received.take(match[0].length);
    return match[1] ?? '';
  };
  const request = async (command: string, signal: AbortSignal): Promise<string> => {
    await send(new TextEncoder().encode(`${command}\r`), command, signal);
    const answer = await io.waitFor(findPrompt, COMMAND_TIMEOUT_MS, signal);
    if (answer !== null) return answer;
    throw noAnswer(io, command);
  };
  return {
    async setRelay(channel, on, signal) {
      await request(`relay ${on ? 'on' : 'off'} ${toNumatoIndex(channel)}`, signal);
    },
    async readInput(pin, signal) {
      const command = `gpio read ${toNumatoIndex(pin)}`;
      const answer = await request(command, signal);
      const level = /(?:^|[\r\n])[ \t]*([01])[ \t]*(?:[\r\n]|$)/.exec(answer)?.[1];
      if (level === undefined) throw noAnswer(io, command);
      return level === '1' ? 1 : 0;
    },
  };
}

/** Numato boards count 0 … 9, A … V. */
function toNumatoIndex(channel: number): string {
  return channel.toString(32).toUpperCase();
}

function noAnswer(io: SerialIo, command: string): Fault {
  return new Fault('not-configured', `the fixture’s board on ${io.path} does not answer "${command}"`, {
    hint: 'Check its cable, and that the recipe names the right kind of board.',
    details: { port: io.path, command },
  });
}
