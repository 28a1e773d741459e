import { describe, expect, it } from 'vitest';
import type { RunContext } from '../../../../station/execution/run-context/run-context.ts';
import { scanLabel } from '../../../../station/execution/verbs/scan-label.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const LABEL = '{"v":1,"pid":"P1","dn":"lamp_7","sn":"ZK-0042","mac":"A0B1C2D3E4F5"}';

const NO_RECORD = {
  triples: { findByName: () => null, listByDeviceName: () => [] },
  units: { findBySerialNumber: () => null },
};

/** What the step measured when this was scanned; a fault when it was another label. */
async function scanned(answer: string, equals: string, database: object = NO_RECORD): Promise<unknown> {
  let value: unknown = null;
  const run = {
    serialNumber: 'ZK-0042',
    heldTriple: { productId: 'P1', deviceName: 'lamp_7' },
    database,
    io: { input: (_kind: string, _key: string, take: () => unknown) => take() },
    unit: { info: { chipId: 'A0B1C2D3E4F5' } },
    scope: { text: (text: string) => text.replace('{serialNumber}', 'ZK-0042') },
    ask: () => Promise.resolve(answer),
    measure: (measured: { readonly value: unknown }) => void (value = measured.value),
  } as unknown as RunContext;
  const step = { verb: 'scan-label', equals, answerMs: 1_000 } as Parameters<typeof scanLabel>[0];
  await scanLabel(step, run, NEVER_ABORTED);
  return value;
}

describe('the label that was stuck on', () => {
  it.each([
    ['as it was printed', LABEL],
    ['behind an AIM identifier', `]Q1${LABEL}`],
    ['spaced and with the MAC as people write it', LABEL.replaceAll(',', ', ').replace('A0B1', 'a0:b1:')],
    [
      'by an input method',
      '｛“ｖ”：１，“ｐｉｄ”：“Ｐ１”，“ｄｎ”：“ｌａｍｐ＿７”，“ｓｎ”：“ＺＫ－００４２”，“ｍａｃ”：“Ａ０Ｂ１Ｃ２Ｄ３Ｅ４Ｆ５”｝',
    ],
  ])('is the device code %s', async (_, answer) => {
    expect(await scanned(answer, 'device-code')).toBe(LABEL);
  });

  it.each([
    ['of another device', LABEL.replace('lamp_7', 'lamp_8')],
    ['of another MAC', LABEL.replace('A0B1', 'A0B2')],
    ['cut off', LABEL.slice(0, 40)],
    ['the number alone', 'ZK-0042'],
  ])('is no device code when it is %s', async (_, answer) => {
    expect((await faultOf(() => scanned(answer, 'device-code'))).code).toBe('limit-exceeded');
  });

  it('is said to be that of another unit, or an old one, where the records know it', async () => {
    const other = (state: string) => ({
      triples: {
        findByName: () => ({ tripleId: 2, unitId: 9, deviceName: 'lamp_8', state }),
        listHistory: () => [{ event: 'retire', at: 0, note: 'reissue: burnt (approved by Chen)' }],
      },
      units: { findById: () => ({ serialNumber: 'ZK-0043' }) },
      labelPrints: { listOfTriple: () => [] },
    });
    const label = LABEL.replace('lamp_7', 'lamp_8');
    expect(await faultOf(() => scanned(label, 'device-code', other('burned')))).toMatchObject({
      code: 'label-wrong',
      message: expect.stringContaining('label of ZK-0043: two labels may be swapped'),
    });
    expect(await faultOf(() => scanned(label, 'device-code', other('retired')))).toMatchObject({
      code: 'label-wrong',
      message: expect.stringContaining('old label (lamp_8), void since'),
      details: { because: 'burnt' },
    });
  });

  it('is accepted in every form of a scanned serial number', async () => {
    for (const answer of ['ZK-0042', ']C0ZK-0042', 'ＺＫ－００４２', '(01)06901234567892(21)ZK-0042', LABEL])
      expect(await scanned(answer, '{serialNumber}'), answer).toBe('ZK-0042');
    for (const answer of ['ZK-0043', 'ZK-00', LABEL.replace('0042', '0043')])
      expect((await faultOf(() => scanned(answer, '{serialNumber}'))).code, answer).toBe('limit-exceeded');
  });
});
