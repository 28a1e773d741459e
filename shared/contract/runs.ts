import { z } from 'zod';
import { call } from '../rpc/contract.ts';
import { EVERYONE, failureView, outcome, timeMs, unitIdView } from './common.ts';

/** Runs (一次测试): executions of a recipe on a unit; they are never deleted or overwritten. */
export const runSummary = z.object({
  runId: z.string(),
  batchId: z.string(),
  slot: z.int(),
  serialNumber: z.string().nullable(),
  chipId: z.string().nullable(),
  unitId: unitIdView,
  deviceName: z.string().nullable(),
  outcome: outcome.nullable(),
  startedAtMs: timeMs,
  finishedAtMs: timeMs.nullable(),
  failure: failureView.nullable(),
});
export type RunSummary = z.infer<typeof runSummary>;

export const measurementView = z.object({
  phase: z.string(),
  step: z.string(),
  attempt: z.int(),
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]),
  unit: z.string().nullable(),
  limits: z.string(),
  outcome,
});

export const stepView = z.object({
  phase: z.string(),
  step: z.string(),
  attempt: z.int(),
  outcome,
  ms: z.number(),
  failure: failureView.nullable(),
});

export const runCalls = {
  'runs.list': call(
    EVERYONE,
    z.strictObject({ batchId: z.string(), limit: z.int().min(1).max(1000).default(100) }),
    z.object({ runs: z.array(runSummary) }),
    { automatic: true, atOnce: false },
  ),
  'runs.get': call(
    EVERYONE,
    z.strictObject({ runId: z.string() }),
    z.object({ run: runSummary, steps: z.array(stepView), measurements: z.array(measurementView) }),
    { automatic: false, atOnce: false },
  ),
};
