import { Fault } from '#shared/domain/fault.ts';
import { serialMatches } from '#shared/domain/recipe/index.ts';
import { parseScan } from '#shared/domain/scan.ts';
import type { ApiParts, Section } from './parts.ts';

export function slotHandlers({ batches, slots, prompts, startUnit }: ApiParts): Section<'slots'> {
  /**
   * A code that a recipe waits for, unless it looks like the next unit: then that one is started, and whoever scanned
   * the wrong thing is told so by the slot that still waits.
   */
  function answerScan(text: string): number | null {
    const [first] = prompts.waitingForScan();
    if (first === undefined) return null;
    const active = batches.active();
    const mayStart = active !== null && serialMatches(active.recipe.recipe, text) && slots.hasFree();
    if (mayStart) return null;
    prompts.answer(first.slot, first.prompt.promptId, text);
    return first.slot;
  }

  return {
    'slots.answer': ({ slot, promptId, answer }) => {
      prompts.answer(slot, promptId, answer);
      return {};
    },
    'slots.scan': ({ text }, { session }) => {
      const scan = parseScan(text);
      switch (scan.kind) {
        case 'serial': {
          const answered = answerScan(scan.serialNumber);
          if (answered !== null) return { kind: 'answered', slot: answered };
          const active = batches.active();
          if (active === null) {
            throw new Fault('batch-missing', 'no batch is being worked on', {
              hint: 'Pick the batch first.',
            });
          }
          const { slot, runId } = startUnit({
            batchId: active.view.batchId,
            serialNumber: scan.serialNumber,
            operator: session.user,
          });
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
}
