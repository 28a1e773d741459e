import { Fault } from '#shared/domain/fault.ts';
import type { Recipe } from '#shared/recipe/index.ts';
import type { Scan } from '#shared/domain/scan/index.ts';

/** Faults of scans that are refused, as a terminal shows them; pages have words of their own. */

export function scanRepeated(
  scan: Scan,
  { slot, pauseMs }: { readonly slot: number | null; readonly pauseMs: number },
): Fault {
  const what = scan.kind === 'serial' ? scan.serialNumber : 'this code';
  const seconds = Math.ceil(pauseMs / 1000);
  return new Fault('scan-repeated', `${what} was read twice and counts once`, {
    hint: `If it is meant once more, keep the scanner off it for ${seconds} s, then scan it again.`,
    details: { seconds, ...(slot === null ? {} : { slot }) },
  });
}

export function answerTooSoon(slot: number | null): Fault {
  const what = slot === null ? 'this was read' : `the question on slot ${slot} was answered`;
  return new Fault('answer-too-soon', `${what} before anybody could have seen it`, {
    hint: 'Look at the slot, then answer.',
    details: slot === null ? {} : { slot },
  });
}

export function lineEndMissing(): Fault {
  return new Fault('scan-unended', 'the scanner sent no Enter at the end', {
    hint: 'Set the suffix of the scanner to Enter (CR), or press Enter after each scan.',
  });
}

export function noSerialOnLabel({ serialNumber: { example } }: Recipe): Fault {
  return new Fault('serial-malformed', 'this label carries no serial number, or was read in part', {
    hint: `Scan the serial number on the unit; it looks like ${example}.`,
    details: { example },
  });
}

export function serialNumberNeeded(): Fault {
  return new Fault('serial-blank', 'the units of this batch are started by their serial numbers', {
    hint: 'Scan the serial number on each unit, or set serialNumber.optional in the recipe.',
  });
}

export function serialBlank(): Fault {
  return new Fault('serial-blank', 'no serial number was scanned', {
    hint: 'Scan the serial number on the unit.',
  });
}

export function unknownCommand(text: string): Fault {
  return new Fault('bad-input', `${text} is not a command of this station`, {
    hint: 'Scan the unit, or a code of the command card.',
  });
}

export function noOpenPrompt(): Fault {
  return new Fault('prompt-none', 'no slot asks for this answer', {
    hint: 'Look at what is asked, then answer that.',
  });
}

export function noBatch(): Fault {
  return new Fault('batch-missing', 'no batch is being worked on', { hint: 'Pick the batch first.' });
}
