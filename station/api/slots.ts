import type { ScanResult } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { serialMatches } from '#shared/domain/recipe/index.ts';
import { parseScan } from '#shared/domain/scan.ts';
import type { Prompt } from '../runner/index.ts';
import { askedFor, askedForText, choiceOf, stoppedAtPage } from '../slots/index.ts';
import type { ApiParts, Section } from './parts.ts';

export function slotHandlers({ batches, slots, prompts, startUnit }: ApiParts): Section<'slots'> {
  /** A serial number of the recipe, with a slot for it, that is on no slot yet. */
  function isNextUnit(text: string): boolean {
    const active = batches.active();
    if (active === null || !serialMatches(active.recipe.recipe, text)) return false;
    return slots.hasFree() && !slots.running().some(({ run }) => run?.serialNumber === text);
  }

  /**
   * A text that a recipe waits for. What looks like the next unit starts that one, unless the slot that asks was
   * selected: then there is no doubt.
   */
  function answerText(text: string): number | null {
    const { selected } = slots.state;
    const asked = askedForText(prompts.waiting(), selected, text);
    if (asked === null || (asked.slot !== selected && isNextUnit(text))) return null;
    prompts.answer(asked.slot, asked.prompt.promptId, text);
    return asked.slot;
  }

  /** An answer by a code of the card. */
  function answerCode(fits: (prompt: Prompt) => string | null): ScanResult | null {
    const asked = askedFor(prompts.waiting(), slots.state.selected, (prompt) => fits(prompt) !== null);
    if (asked === null) return null;
    prompts.answer(asked.slot, asked.prompt.promptId, fits(asked.prompt) ?? '');
    return { kind: 'answered', slot: asked.slot };
  }
  const verdict = (answer: 'pass' | 'fail') =>
    answerCode(({ kind }) => (kind === 'pass-fail' ? answer : null)) ?? nobodyAsks();
  const confirmed = (): ScanResult | null => answerCode(({ kind }) => (kind === 'confirm' ? 'ok' : null));

  /** Every free slot, as far as the batch still wants units. */
  function startTogether(operator: string): { slot: number; runId: string }[] {
    const active = batches.active();
    if (active === null) throw noBatch();
    if (!active.recipe.recipe.serialNumber.optional) {
      throw new Fault('serial-blank', 'the units of this batch are started by their serial numbers', {
        hint: 'Scan the serial number on each unit, or set serialNumber.optional in the recipe.',
      });
    }
    // Says why, when there is none.
    slots.nextFree();
    const { batchId } = active.view;
    const runs: { slot: number; runId: string }[] = [];
    for (const { slot } of slots.state.slots) {
      if (!slots.isFree(slot)) continue;
      try {
        runs.push({ slot, runId: startUnit({ batchId, serialNumber: null, operator, slot }).runId });
      } catch (error) {
        // What keeps one slot from starting need not keep the others; a batch that is complete keeps all that follow.
        if (!(error instanceof Fault) || runs.length === 0) throw error;
        if (error.code === 'batch-complete') break;
      }
    }
    return runs;
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
          const answered = answerText(scan.serialNumber);
          if (answered !== null) return { kind: 'answered', slot: answered };
          const active = batches.active();
          if (active === null) throw noBatch();
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
          return { kind: 'stopping', slots: slots.stop(null, stoppedAtPage(session.user)) };
        case 'pass':
          return verdict('pass');
        case 'fail':
          return verdict('fail');
        case 'choice':
          return answerCode((prompt) => choiceOf(prompt, scan.value)) ?? nobodyAsks();
        case 'start':
          return confirmed() ?? { kind: 'started-together', runs: startTogether(session.user) };
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
    'slots.stop': ({ slot }, { session }) => ({ slots: slots.stop(slot, stoppedAtPage(session.user)) }),
    'slots.select': ({ slot }) => {
      slots.select(slot);
      return {};
    },
  };
}

function nobodyAsks(): never {
  throw new Fault('prompt-none', 'no slot asks for this answer', {
    hint: 'Look at what is asked, then answer that.',
  });
}

function noBatch(): Fault {
  return new Fault('batch-missing', 'no batch is being worked on', { hint: 'Pick the batch first.' });
}
