import { Fault } from '#shared/domain/fault.ts';
import type { ReadableDatabase, UnitRow } from '../core/database/index.ts';
import type { Batches } from '../execution/batches/index.ts';
import type { BoundTriple } from '../identity/index.ts';
import type { DeviceAnswer } from './unit-report.ts';

/** What says of which product a unit is. */
export interface KnownOfUnit {
  readonly bound: BoundTriple | null;
  readonly unit: UnitRow;
  readonly answer: DeviceAnswer;
}

/**
 * The product of the new identity of a unit. Faults: `bad-input` when nothing determines it.
 *
 * @param made product of the recipe that the unit is read by, where that is not the recipe of the selected batch
 */
export function productOfNew(
  { database, batches }: { readonly database: ReadableDatabase; readonly batches: Pick<Batches, 'state'> },
  { bound, unit, answer }: KnownOfUnit,
  made: string | undefined,
): string {
  const { active, batches: newestFirst } = batches.state();
  const last = database.triples.listOfUnit(unit.unitId).at(-1)?.productId;
  const held = answer.reading.kind === 'holds' ? answer.reading.name.productId : undefined;
  const candidates = [bound?.productId, last, made, active?.productId, newestFirst[0]?.productId, held];
  const product = candidates.find((id) => id !== undefined);
  if (product !== undefined) return product;
  const [only, another] = database.triples.countByState().filter(({ states }) => states.available > 0);
  if (only !== undefined && another === undefined) return only.productId;
  throw new Fault('bad-input', 'the product of the new identity is not known', {
    hint: 'Choose a batch of the product first.',
  });
}
