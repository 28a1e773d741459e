import { z } from 'zod';
import { call } from '../rpc/contract.ts';
import { empty, EVERYONE } from './common.ts';
import { sessionView } from './session.ts';

/** The first start of a station: what is missing until the first PASS, and the first engineer. */
export const setupState = z.object({
  /** True while the station has no user: it is set up at its computer. */
  needsEngineer: z.boolean(),
  /** True when this page is open at the computer of the station. */
  atComputer: z.boolean(),
  /** Each computed from the records of the station at the time of the call. */
  done: z.object({
    /** An engineer other than those of the sample line can sign in. */
    engineer: z.boolean(),
    /** The station has a name of its own, not that of the computer. */
    name: z.boolean(),
    registry: z.boolean(),
    slots: z.boolean(),
    triples: z.boolean(),
    batch: z.boolean(),
    pass: z.boolean(),
  }),
  station: z.string(),
  /** True for a sample line: its units are simulated, and its PINs are public. */
  sampleLine: z.boolean(),
});
export type SetupState = z.infer<typeof setupState>;

/** What an engineer brought to a sample line, which would be lost with it. */
export const REAL_DATA_KINDS = ['users', 'registry', 'triples', 'recipes', 'firmware'] as const;
export const realData = z.object({ kind: z.enum(REAL_DATA_KINDS), count: z.int().min(1) });
export type RealData = z.infer<typeof realData>;

const ENGINEER = ['engineer'] as const;

export const setupCalls = {
  'setup.state': call(EVERYONE, empty, setupState, { automatic: true, atOnce: false }),
  /**
   * Adds the first engineer and signs them in. Only while the station has no user, and only at its computer. Faults:
   * `not-at-computer`, `already-set-up`, `bad-input`.
   */
  'setup.addFirstEngineer': call(
    EVERYONE,
    z.strictObject({ name: z.string().min(1).max(64), pin: z.string().min(1).max(64) }),
    sessionView,
    { automatic: false, atOnce: false },
  ),
  /** What stands against the end of the sample line. Faults: `bad-input` at a real station. */
  'setup.sampleLine': call(ENGINEER, empty, z.object({ realData: z.array(realData) }), {
    automatic: true,
    atOnce: false,
  }),
  /**
   * Ends the sample line: the host removes its data and opens a real station. `restarts`: the host does it now; else when
   * the program is closed. Faults: `bad-input` at a real station, `real-data`.
   */
  'setup.endSampleLine': call(ENGINEER, empty, z.object({ restarts: z.boolean() }), {
    automatic: false,
    atOnce: false,
  }),
};
