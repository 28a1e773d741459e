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
});
export type SetupState = z.infer<typeof setupState>;

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
};
