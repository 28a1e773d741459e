import type { PendingCase } from '#shared/contract/index.ts';

/** Two units that a slot could not decide about. */
export function waitingAt(nowMs: number): PendingCase[] {
  return [
    {
      chipId: '7CDFA1B0C405',
      serialNumber: 'SN2611200005',
      slot: 5,
      runId: 'run-5',
      atMs: nowMs - 26 * 60_000,
      failure: {
        code: 'identity-conflict',
        message: 'the unit holds dev_4033, which contradicts the ledger (held-by-other-unit)',
        hint: 'Put the unit aside and take it to support.',
        details: { deviceName: 'dev_4033', because: 'held-by-other-unit', chipId: '7CDFA1B0C405' },
      },
    },
    {
      chipId: '7CDFA1B0C407',
      serialNumber: 'SN2611200018',
      slot: 7,
      runId: 'run-7',
      atMs: nowMs - 3 * 3_600_000,
      failure: {
        code: 'serial-conflict',
        message: 'serial number SN2611200018 does not belong to unit 7CDFA1B0C407',
        hint: 'Check that the label is on the right unit; else take it to support.',
        details: { serialNumber: 'SN2611200018', chipId: '7CDFA1B0C407', known: 'SN2611200007' },
      },
    },
  ];
}
