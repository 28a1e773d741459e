import { expect } from 'vitest';
import { contract, type SlotView, type StationContract } from '#shared/contract/index.ts';
import { type Client, connect, Session, createInMemoryTransports } from '#shared/rpc/index.ts';
import { createNodeClock } from '../../../../station/devices/drivers/node/clock.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { scripted, type ScriptedUnits } from '../../../kit/units.ts';
import { describedRecipe, parsedRecipe } from '../../../kit/recipes.ts';

const CLOCK = createNodeClock();
const BEGAN_MS = 1_000_000;
export const ASK = 'ask: { zh-CN: 问, en: Ask }';
export const LIGHT = `- { verb: prompt, kind: pass-fail, name: light, ${ASK}, answerMs: 60000 }`;

/** A station whose steps ask an operator, and a client of an operator's page. */
export interface AskingStation {
  readonly setup: TestStation<ScriptedUnits>;
  readonly client: Client<StationContract>;
  readonly view: (slot: number) => SlotView;
  /** Starts units until each of these slots asks something, one slot after the other. */
  readonly asking: (...slots: number[]) => Promise<void>;
  /** Scans when the scanner has rested for so long, 5 s unless told. */
  readonly scan: (text: string, restMs?: number) => Promise<unknown>;
  readonly rest: (ms: number) => void;
  /** Sends a line that was so long on its way; the code of its refusal, or its outcome. */
  readonly late: (text: string, lateMs: number) => Promise<unknown>;
}

export async function startAsking(
  steps: string,
  slots: number,
  files: Record<string, string | Uint8Array> = {},
): Promise<AskingStation> {
  let aheadMs = 0;
  const setup = await startStation({
    units: scripted(Array.from({ length: slots }, () => () => undefined)),
    recipe: parsedRecipe(describedRecipe(steps).replace("pattern: '.+'", "pattern: 'SN\\d+'"), files),
    platform: () => ({ clock: { ...CLOCK, monotonicMs: () => BEGAN_MS + aheadMs } }),
  });
  const { station, batchId } = setup;
  station.batches.select(batchId);
  const [here, there] = createInMemoryTransports();
  station.serve(there, new Session({ role: 'operator', user: 'Li' }));
  const client = connect(contract, here);
  const view = (slot: number): SlotView => {
    const found = station.slots.state.slots.find((one) => one.slot === slot);
    if (found === undefined) throw new Error(`no slot ${slot}`);
    return found;
  };
  return {
    setup,
    client,
    view,
    // One after another, so that the lower slot has waited longer.
    async asking(...wanted) {
      for (const slot of wanted) {
        if (view(slot).state === 'ready')
          station.startUnit({ batchId, serialNumber: `SN${slot}`, operator: 'Li', slot });
        await expect.poll(() => view(slot).run?.prompt?.kind ?? null, { interval: 5 }).not.toBe(null);
      }
    },
    rest: (ms) => void (aheadMs += ms),
    async late(text, lateMs) {
      const [mine, theirs] = createInMemoryTransports();
      const answer = new Promise((resolve) => mine.onMessage(resolve));
      station.serve(theirs, new Session({ role: 'operator', user: 'Li' }));
      const pressed = { firstMsAgo: 20, lastMsAgo: 0, ended: true };
      const sentAtMs = BEGAN_MS + aheadMs - lateMs;
      mine.send({ t: 'call', id: 1, name: 'slots.scan', input: { text, pressed }, sentAtMs });
      const { output, fault } = (await answer) as { output?: unknown; fault?: { code: string } };
      mine.close();
      return fault?.code ?? output;
    },
    scan(text, restMs = 5_000) {
      aheadMs += restMs;
      return client.call('slots.scan', { text });
    },
  };
}
