import { Fault } from '#shared/domain/fault.ts';
import { serialMatches } from '#shared/domain/recipe.ts';
import { parseScan } from '#shared/domain/scan.ts';
import type { BatchView } from '#shared/contract/index.ts';
import type { ParsedRecipe } from '../runner/index.ts';
import type { ApiParts, Section } from './parts.ts';

export function slotHandlers({ batches, slots, store }: ApiParts): Section<'slots'> {
  return {
    'slots.scan': ({ text }, { session }) => {
      const scan = parseScan(text);
      switch (scan.kind) {
        case 'serial': {
          const active = batches.active();
          if (active === null)
            throw new Fault('batch-missing', 'no batch is being worked on', {
              hint: 'Pick the batch first.',
            });
          checkSerial(scan.serialNumber, active.view, active.recipe);
          const { slot, runId } = slots.start(
            slots.nextFree(),
            active.view.batchId,
            active.recipe,
            scan.serialNumber,
            session.user,
          );
          return { kind: 'started', slot, runId };
        }
        case 'slot':
          slots.select(scan.slot);
          return { kind: 'selected', slot: scan.slot };
        case 'acknowledge':
          return { kind: 'acknowledged', slots: slots.acknowledge(null) };
        case 'stop':
          return { kind: 'stopping', slots: slots.stop(null) };
        case 'start':
        case 'blank':
          throw new Fault('serial-blank', 'no serial number was scanned', {
            hint: 'Scan the serial number on the unit.',
          });
        case 'unknown-command':
          throw new Fault('bad-input', `${scan.text} is not a command of this station`, {
            hint: 'Scan the unit, or a code of the command card.',
          });
      }
    },
    'slots.acknowledge': ({ slot }) => ({ slots: slots.acknowledge(slot) }),
    'slots.stop': ({ slot }) => ({ slots: slots.stop(slot) }),
    'slots.select': ({ slot }) => {
      slots.select(slot);
      return {};
    },
  };

  function checkSerial(serialNumber: string, batch: BatchView, { recipe }: ParsedRecipe): void {
    const details = { serialNumber, example: recipe.serialNumber.example };
    if (!serialMatches(recipe, serialNumber)) {
      throw new Fault('serial-malformed', `"${serialNumber}" is not a serial number of this recipe`, {
        hint: `It looks like ${recipe.serialNumber.example}.`,
        details,
      });
    }
    const running = slots.running().find((view) => view.run?.serialNumber === serialNumber);
    if (running !== undefined) {
      throw new Fault('serial-running', `${serialNumber} is on slot ${running.slot} already`, {
        hint: 'Scan the next unit.',
        details: { ...details, slot: running.slot },
      });
    }
    if (store.runs.latestOfSerial(batch.batchId, serialNumber)?.outcome === 'PASS') {
      throw new Fault('serial-passed', `${serialNumber} has passed in this batch already`, {
        hint: 'Take the next unit.',
        details,
      });
    }
    if (batch.passed + slots.running().length >= batch.quantity) {
      throw new Fault('batch-complete', `batch ${batch.name} has its ${batch.quantity} units`, {
        hint: 'Pick the next batch.',
        details: { quantity: batch.quantity },
      });
    }
  }
}
