import type { ScanResult } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { serialMatches } from '#shared/domain/recipe/index.ts';
import { parseScan } from '#shared/domain/scan.ts';
import type { Prompt } from '../runner/index.ts';
import { askedFor, choiceOf, takesText } from '../slots/index.ts';
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
    const asked = askedFor(prompts.waiting(), selected, takesText);
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
        case 'pass':
          return verdict('pass');
        case 'fail':
          return verdict('fail');
        case 'choice':
          return answerCode((prompt) => choiceOf(prompt, scan.value)) ?? nobodyAsks();
        case 'start':
        case 'blank': {
          const answered = scan.kind === 'start' ? confirmed() : null;
          if (answered !== null) return answered;
          throw new Fault('serial-blank', 'no serial number was scanned', {
            hint: 'Scan the serial number on the unit.',
          });
        }
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

function nobodyAsks(): never {
  throw new Fault('prompt-none', 'no slot asks for this answer', {
    hint: 'Look at what is asked, then answer that.',
  });
}
