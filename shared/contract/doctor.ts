import { z } from 'zod';
import { FAULT_CODES } from '../domain/fault.ts';
import { call } from '../rpc/contract.ts';
import { empty } from './common.ts';

/** The result of one check of `doctor`. */
export const doctorCheck = z.object({
  /** Such as `disk`; pages have their own text for each name. */
  name: z.string(),
  /** `note`: a choice. `warn`: the station works, and a person should read the message. */
  level: z.enum(['ok', 'note', 'warn', 'fail']),
  /** What was found, for engineers, in English. */
  message: z.string(),
  hint: z.string().nullable(),
  /** What kind of finding it is, where a check has several. */
  code: z.enum(FAULT_CODES).nullable(),
  /** What settles it in a terminal of the station's computer, exactly as it is. */
  command: z.string().nullable(),
});
export type DoctorCheck = z.infer<typeof doctorCheck>;

export const doctorCalls = {
  /**
   * Checks this computer and the data of the station. `thorough`: also reads every page of the database, every
   * record and every secret, for which no unit may be tested. Faults: `slot-busy`, the caller's cancellation.
   */
  'doctor.examine': call(
    ['engineer'],
    z.strictObject({ thorough: z.boolean().default(false) }),
    z.object({ checks: z.array(doctorCheck), atMs: z.int() }),
    { automatic: false, atOnce: false },
  ),
  /**
   * Makes the kept figures of all batches anew from the records, which takes 0.2 s for each thousand runs; figures wait for
   * it meanwhile. Faults: those of writing to the database.
   */
  'doctor.remakeFigures': call(['engineer'], empty, empty, { automatic: false, atOnce: false }),
};
