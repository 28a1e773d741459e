import { z } from 'zod';
import { call } from '../rpc/contract.ts';
import { empty, EVERYONE, timeMs } from './common.ts';
import { runFilter } from './run-filter.ts';
import { RUN_COLUMNS } from './run-columns.ts';

/** A filter with its columns, saved under a name for everybody at this station. */
export const savedFilter = z.object({
  filterId: z.string(),
  name: z.string(),
  /** Who saved it last. */
  by: z.string(),
  savedAtMs: timeMs,
  filter: runFilter,
  columns: z.array(z.enum(RUN_COLUMNS)),
});
export type SavedFilter = z.infer<typeof savedFilter>;

const savedFilters = z.object({ filters: z.array(savedFilter) });
export const MAX_SAVED_FILTERS = 200;

export const savedFilterCalls = {
  /** By name. */
  'savedFilters.list': call(EVERYONE, empty, savedFilters, { automatic: true, atOnce: false }),
  /**
   * Saves a filter; one of the same name is replaced. Returns all. Faults: `bad-input` when there are
   * `MAX_SAVED_FILTERS` already.
   */
  'savedFilters.save': call(
    ['support', 'engineer'],
    z.strictObject({
      name: z.string().trim().min(1).max(64),
      filter: runFilter,
      columns: z.array(z.enum(RUN_COLUMNS)).min(1).max(RUN_COLUMNS.length),
    }),
    savedFilters,
    { automatic: false, atOnce: false },
  ),
  /** Faults: `not-found`. */
  'savedFilters.remove': call(
    ['support', 'engineer'],
    z.strictObject({ filterId: z.string().max(64) }),
    savedFilters,
    { automatic: false, atOnce: false },
  ),
};
