import { KeyedSequencer } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { ByteLink, Clock, SerialPorts } from '../../../core/platform/index.ts';
import { createWire, type Heard, type Wire } from '../../serial-io/index.ts';

const BAUD = { lcus: 9600, numato: 115_200 } as const;
const ANSWER_MS = 1000;

/**
 * `lcus`: four bytes `A0 relay state sum`, relays counted from 1, no answer (LCUS-1/-2/-4/-8 USB relay boards).
 * `numato`: the text commands `relay on 0`, `relay off 0`, `gpio read 0`, each ended by CR and answered with `>`
 * (Numato USB relay and GPIO modules, user guide, "Command set").
 */
export type BoardKind = keyof typeof BAUD;

export interface Board {
  /** Faults: `port-lost`, `device-silent` when the board does not answer. */
  relay(channel: number, on: boolean, signal: AbortSignal): Promise<void>;
  /** Level of an input. Faults: as `relay`; `not-configured` for a board without inputs. */
  read(pin: number, signal: AbortSignal): Promise<0 | 1>;
}

/** The boards of this station, each used by one slot at a time. */
export interface Boards {
  /** Opens the board's port, does the work, closes it. Faults: those of the port and of `Board`. */
  use<T>(path: string, kind: BoardKind, work: (board: Board) => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createBoards(ports: SerialPorts, clock: Clock): Boards {
  const sequencer = new KeyedSequencer<string>();
  return {
    use(path, kind, work, signal) {
      const task = async (): ReturnType<typeof work> => {
        await using port = await ports.open(path, { baudRate: BAUD[kind] }, signal);
        return await work(boardOn(port, kind, clock));
      };
      return sequencer.run(path, task, signal);
    },
  };
}

function boardOn(port: ByteLink, kind: BoardKind, clock: Clock): Board {
  const wire = createWire(port, clock, null);
  if (kind === 'lcus') {
    return {
      async relay(channel, on, signal) {
        const state = on ? 1 : 0;
        await wire.send(Uint8Array.of(0xa0, channel, state, (0xa0 + channel + state) & 0xff), signal);
      },
      read: () =>
        Promise.reject(
          new Fault('not-configured', 'an LCUS board has no inputs', { hint: 'Use a numato board.' }),
        ),
    };
  }
  const ask = async (command: string, signal: AbortSignal): Promise<string> => {
    await wire.send(new TextEncoder().encode(`${command}\r`), signal);
    const prompt = (heard: Heard): string | null => {
      const match = /^([^>]*)>/u.exec(heard.text);
      if (match === null) return null;
      heard.take(match[0].length);
      return match[1] ?? '';
    };
    const answer = await wire.until(prompt, ANSWER_MS, signal);
    if (answer !== null) return answer;
    throw silent(wire, command);
  };
  return {
    relay: async (channel, on, signal) =>
      void (await ask(`relay ${on ? 'on' : 'off'} ${index(channel)}`, signal)),
    async read(pin, signal) {
      const answer = await ask(`gpio read ${index(pin)}`, signal);
      const level = /(?:^|[\r\n])[ \t]*([01])[ \t]*(?:[\r\n]|$)/.exec(answer)?.[1];
      if (level === undefined) throw silent(wire, `gpio read ${index(pin)}`);
      return level === '1' ? 1 : 0;
    },
  };
}

/** Numato counts 0 … 9, A … V. */
function index(channel: number): string {
  return channel.toString(32).toUpperCase();
}

function silent(wire: Wire, command: string): Fault {
  return new Fault('not-configured', `the fixture’s board on ${wire.path} does not answer "${command}"`, {
    hint: 'Check its cable, and that the recipe names the right kind of board.',
    details: { port: wire.path, command },
  });
}
