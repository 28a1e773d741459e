import { z } from 'zod';
import { FAULT_CODES, type FaultView } from '../domain/fault.ts';
import { UNIT_ID_KINDS } from '../domain/unit-id.ts';
import { OUTCOMES } from '../domain/outcome.ts';

/** Schemas that several sections of the contract use. Times are Unix milliseconds. */
export const timeMs = z.int().min(0);
export const outcome = z.enum(OUTCOMES);
export const localizedText = z.object({ 'zh-CN': z.string(), en: z.string() });
export const details = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** `Fault.toView()`: the page has its own text for each code; message, hint and details are technical. */
export const faultView = z.object({
  code: z.enum(FAULT_CODES),
  message: z.string(),
  hint: z.string().nullable(),
  details,
}) satisfies z.ZodType<FaultView>;
export type { FaultView };

export const failureView = faultView.extend({ phase: z.string(), step: z.string() });
export type FailureView = z.infer<typeof failureView>;

/** The identifier of a unit for display. Omitted when only the chip id is known. */
export const unitIdView = z
  .object({ kind: z.enum(UNIT_ID_KINDS), text: z.string() })
  .nullable()
  .optional();

export const empty = z.strictObject({});

export const EVERYONE = ['operator', 'support', 'engineer'] as const;
