import { Fault } from '#shared/domain/fault.ts';
import { type CodedText, textDetails } from '#shared/words/index.ts';

/** More of what a unit says about its refusal is cut off. */
const MAX_LOG_CHARACTERS = 400;

/**
 * The unit said no. `stage` has words in `shared/words/provisioning-words.ts`. `log`: what it says about it; empty for nothing. Secrets in
 * it are masked by who records the fault.
 */
export function provisioningRefused(address: string, stage: string, reason: CodedText, log: string): Fault {
  const text = log.length > MAX_LOG_CHARACTERS ? `${log.slice(0, MAX_LOG_CHARACTERS)}…` : log;
  const says = text === '' ? '' : `; its log: ${text}`;
  return new Fault(
    'provisioning-refused',
    `${address} refused at the stage "${stage}": ${reason.en}${says}`,
    {
      hint: 'Check the network and its password on the page of Wi-Fi networks, then test the unit again.',
      details: { address, stage, ...textDetails('meaning', reason) },
    },
  );
}

/** Requires that the unit gives itself the name of its identity. Faults: `read-back-mismatch`. */
export function requireName(name: string, wanted: string | null, address: string): void {
  if (wanted === null || name === wanted) return;
  throw new Fault('read-back-mismatch', `${address} calls itself ${name}, and its identity is ${wanted}`, {
    hint: 'The Bluetooth address belongs to another unit, or the identity was not written; burn and test it again.',
    details: { address },
  });
}
