import { setTimeout as wait } from 'node:timers/promises';
import { type Station, STATION_ITSELF } from '#station';
import { abortFault } from '#shared/domain/fault.ts';
import { type EndOfRun, tickingRecipe } from './ui-recipes.ts';

/** Every step that begins, with the time of the computer's clock at which the station announced it. */
export interface BegunStep {
  readonly slot: number;
  readonly step: string;
  readonly atMs: number;
}

const LOOK_MS = 50;
/** How long a good result stands before the operator lays the next unit on the slot. */
const NEXT_UNIT_MS = 1000;
/** Two slots always fail, and one asks: a person at the page acknowledges and answers. */
const endOf = (slot: number): EndOfRun => (slot % 8 === 4 ? 'fail' : slot === 7 ? 'ask' : 'pass');

/** Tests one unit after another on every slot until the signal aborts; returns the number of ended runs. */
export async function keepSlotsAtWork(
  station: Station,
  signal: AbortSignal,
  onStep: (begun: BegunStep) => void,
  pairs?: number,
): Promise<number> {
  const batches = new Map(
    (['fail', 'ask', 'pass'] as const).map((end) => {
      const recipe = tickingRecipe(end, pairs);
      return [
        end,
        station.batches.create({ recipe, quantity: 100_000, name: end }, STATION_ITSELF).batchId,
      ] as const;
    }),
  );
  station.batches.select(batches.get('pass') ?? null);
  const forget = station.onRunEvent((slot, event) => {
    if (event.kind === 'step') onStep({ slot, step: event.step.name, atMs: Date.now() });
  });
  let runs = 0;
  const work = async (slot: number): Promise<void> => {
    while (!signal.aborted) {
      if (station.slots.isFree(slot)) {
        const batchId = batches.get(endOf(slot)) ?? '';
        await station.startUnit({ batchId, serialNumber: null, operator: 'Li', slot }).finished;
        runs += 1;
        await wait(NEXT_UNIT_MS);
      } else await wait(LOOK_MS);
    }
  };
  const slots = station.slots.state.slots.map(({ slot }) => work(slot));
  signal.addEventListener('abort', () => station.slots.stop(null, abortFault(signal)), { once: true });
  await Promise.all(slots);
  forget();
  return runs;
}
