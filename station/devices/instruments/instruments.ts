import { Deadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { instrumentFor, type InstrumentSetting } from '#shared/domain/instrument.ts';
import type { Clock } from '../../core/platform/index.ts';
import { type Turn, Turns } from './turns.ts';

/** Instruments that are lent to one slot, in the order of the names; disposing gives them back. */
export interface LentInstruments extends Disposable {
  readonly settings: readonly InstrumentSetting[];
  /** The names of those that may still answer a question of an earlier loan. */
  readonly doubtful: readonly string[];
  /** Says whether one may still answer a question of this loan. */
  setProven(name: string, isProven: boolean): void;
  /** Gives back one of several. */
  giveBack(name: string): void;
}

/** The instruments of a station, each lent to one slot at a time. */
export interface Instruments {
  /**
   * Lends instruments to a slot, together, when its turn has come. `onWait` is called when they are not free at once.
   * Faults: `instrument-missing`, `instrument-busy` when the turn does not come in time, the signal's reason.
   */
  take(
    names: readonly string[],
    slot: number,
    onWait: () => void,
    signal: AbortSignal,
  ): Promise<LentInstruments>;
  /** As `take`, for a setting that need not be stored. */
  takeSetting(setting: InstrumentSetting, timeoutMs: number, signal: AbortSignal): Promise<Disposable>;
  /** Whether it may still answer a question of its last loan. */
  isDoubtful(setting: InstrumentSetting): boolean;
  setProven(setting: InstrumentSetting, isProven: boolean): void;
  /** True when a slot has it now. */
  isLent(setting: InstrumentSetting): boolean;
  /** Those of the names that this slot does not have. */
  missing(names: readonly string[], slot: number): readonly string[];
  /** Faults: `instrument-missing` that names each one that this slot does not have. */
  require(names: readonly string[], slot: number): readonly InstrumentSetting[];
}

/** @param settings the stored instruments as they are now */
export function createInstruments(settings: () => readonly InstrumentSetting[], clock: Clock): Instruments {
  const turns = new Turns();
  const doubtful = new Set<string>();
  const setProven: Instruments['setProven'] = ({ address }, isProven) => {
    if (isProven) doubtful.delete(address);
    else doubtful.add(address);
  };
  const isDoubtful: Instruments['isDoubtful'] = ({ address }) => doubtful.has(address);
  const take = async (
    wanted: readonly InstrumentSetting[],
    timeoutMs: number,
    onWait: () => void,
    signal: AbortSignal,
  ): Promise<Turn> => {
    const names = wanted.map(({ name }) => name).join(', ');
    const late = (): Fault =>
      new Fault('instrument-busy', `${names} stayed with another slot for ${timeoutMs} ms`, {
        hint: 'Wait until the other slot has ended, then test again.',
        details: { instrument: names, timeoutMs },
      });
    using deadline = new Deadline(timeoutMs, late, { timer: clock, signal });
    // Two names of one address are one instrument.
    return await turns.take(
      wanted.map(({ address }) => address),
      onWait,
      deadline.signal,
    );
  };
  const missingOf: Instruments['missing'] = (names, slot) => {
    const stored = names.length === 0 ? [] : settings();
    return names.filter((name) => instrumentFor(stored, name, slot) === null);
  };
  const requireAll: Instruments['require'] = (names, slot) => {
    const missing = missingOf(names, slot);
    if (missing.length > 0) throw missingFault(missing, slot);
    const stored = names.length === 0 ? [] : settings();
    return names.map((name) => instrumentFor(stored, name, slot)).filter((setting) => setting !== null);
  };
  return {
    isDoubtful,
    setProven,
    isLent: ({ address }) => turns.isLent(address),
    missing: missingOf,
    require: requireAll,
    async take(names, slot, onWait, signal) {
      const wanted = requireAll(names, slot);
      const timeoutMs = Math.max(...wanted.map((setting) => setting.turnTimeoutMs));
      const turn = await take(wanted, timeoutMs, onWait, signal);
      const left = new Map(wanted.map(({ name, address }) => [name, address]));
      return {
        settings: wanted,
        doubtful: wanted.filter(isDoubtful).map(({ name }) => name),
        setProven(name, isProven) {
          const setting = wanted.find((one) => one.name === name);
          if (setting !== undefined) setProven(setting, isProven);
        },
        giveBack(name) {
          const address = left.get(name);
          left.delete(name);
          const isLast = address !== undefined && ![...left.values()].includes(address);
          if (isLast) turn.giveBack(address);
        },
        [Symbol.dispose]: () => turn[Symbol.dispose](),
      };
    },
    takeSetting: (setting, timeoutMs, signal) => take([setting], timeoutMs, () => undefined, signal),
  };
}

function missingFault(missing: readonly string[], slot: number): Fault {
  const names = missing.join(', ');
  const noun = missing.length === 1 ? 'no instrument' : 'no instruments';
  return new Fault('instrument-missing', `slot ${slot} has ${noun} ${names}, and the recipe needs it`, {
    hint: 'Add it on the page Station, or with "gongwei station instrument set".',
    details: { instrument: names, slot },
  });
}
