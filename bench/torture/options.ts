import { parseArgs } from 'node:util';
import { randomBytes } from 'node:crypto';
import { KILL_EVENTS, type KillEvent } from './kill-timings.ts';
import { type Mutation, MUTATIONS } from './mutations.ts';
import { DEVICES, type TortureDevice } from './devices.ts';

export interface TortureOptions {
  readonly mode: 'random' | 'boundaries';
  readonly kills: number;
  /** Least number of units; more are run while there are kills left. */
  readonly units: number;
  readonly stations: number;
  readonly slots: number;
  readonly seed: string;
  /** Data directory that is kept. Null: a temporary one, kept only when there are findings. */
  readonly keep: string | null;
  readonly mutation: Mutation | null;
  /** Stations are killed at this event only. Null: at all kinds of timings. */
  readonly onlyEvent: KillEvent | null;
  /** The units of station 1, 2, …; stations beyond the end begin again with the first. */
  readonly devices: readonly TortureDevice[];
  /** Units register themselves, and kills are around their registration. */
  readonly registration: boolean;
}

export const USAGE = `npm run torture -- [options]
  --kills N       number of SIGKILLs (1000). With --mode boundaries: how many points are tried, spread evenly over all
                  of them (all); a trial of a start kills twice
  --units N       units that must pass at least (40)
  --stations N    stations on the one registry, each with its own simulator (2)
  --slots N       slots of each station (3)
  --seed S        determines times, victims, faults and the network; printed, and random by default
  --mode M        random, or boundaries: at each commit, message of a device and request to the registry in turn
  --keep DIR      keep all data in DIR
  --aim EVENT     kill stations only at this event: "run.phase NAME",
                  ${KILL_EVENTS.filter((event) => !event.startsWith('run.phase')).join(', ')}
  --mutation M    break the stations on purpose: ${MUTATIONS.join(', ')}
  --devices LIST  the units of station 1, 2, … (at-module), separated by commas: ${DEVICES.join(', ')};
                  or "described" for all that a recipe describes
  --registration  units that get their secret by dynamic registration (--devices at-registration), and kills of stations,
                  units and the registry between request and burn
  --json          no effect: the result is always one JSON line on standard output
`;

/** Throws an error with one line for people when an argument is wrong. */
export function readOptions(args: readonly string[]): TortureOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      mode: { type: 'string', default: 'random' },
      kills: { type: 'string' },
      units: { type: 'string', default: '40' },
      stations: { type: 'string', default: '2' },
      slots: { type: 'string', default: '3' },
      seed: { type: 'string', default: randomBytes(4).toString('hex') },
      keep: { type: 'string' },
      mutation: { type: 'string' },
      aim: { type: 'string' },
      devices: { type: 'string', default: 'at-module' },
      registration: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { mode, mutation, aim } = values;
  if (mode !== 'random' && mode !== 'boundaries')
    throw new Error(`--mode is random or boundaries, not ${mode}`);
  const broken = MUTATIONS.find((known) => known === mutation);
  if (mutation !== undefined && broken === undefined)
    throw new Error(`--mutation is one of ${MUTATIONS.join(', ')}, not ${mutation}`);
  const onlyEvent = KILL_EVENTS.find((known) => known === aim);
  if (aim !== undefined && onlyEvent === undefined)
    throw new Error(`--aim is one of ${KILL_EVENTS.join(', ')}, not ${aim}`);
  return {
    mode,
    kills: whole('kills', values.kills ?? (mode === 'random' ? '1000' : '100000'), 0, 100_000),
    units: whole('units', values.units, 1, 1000),
    stations: whole('stations', values.stations, 1, 8),
    slots: whole('slots', values.slots, 1, 16),
    seed: values.seed,
    keep: values.keep ?? null,
    mutation: broken ?? null,
    onlyEvent: onlyEvent ?? null,
    devices: devicesOf(values.registration ? 'at-registration' : values.devices),
    registration: values.registration,
  };
}

function devicesOf(list: string): readonly TortureDevice[] {
  if (list === 'described') return DEVICES.filter((device) => device.startsWith('described-'));
  return list.split(',').map((name) => {
    const device = DEVICES.find((known) => known === name);
    if (device === undefined) throw new Error(`--devices has ${DEVICES.join(', ')}, and not ${name}`);
    return device;
  });
}

function whole(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new Error(`--${name} is a whole number from ${low} to ${high}, not ${text}`);
}
