import { expect, it } from 'vitest';
import { SecretMask } from '../../../../../../station/core/secret-mask/index.ts';
import { PieceGuard } from '../../../../../../station/devices/protocols/provisioning/blufi/piece-guard.ts';

const PASSWORD = 'Zq7!mVx2#kLp';

/** What of the values is recorded after the guard has ended. */
function guarded(values: readonly string[]) {
  const mask = new SecretMask();
  let isKept: boolean | null = null;
  mask.onHold((change, kept) => {
    if (change === 'release') isKept = kept(new Uint8Array());
  });
  {
    using guard = new PieceGuard(mask, [PASSWORD]);
    for (const value of values) guard.receive(Buffer.from(`head${value}`));
  }
  return { mask, isKept: isKept as boolean | null };
}

it('conceals frames with a piece of a secret, each once, and leaves the others', () => {
  const { mask, isKept } = guarded(['pwd Zq7!mV', 'x2#kLp', 'x2#kLp', 'joined']);
  expect(isKept).toBe(true);
  expect(mask.maskText('pwd Zq7!mV|x2#kLp|joined')).toBe('***|***|joined');
  // Each in four forms.
  expect(mask.concealed).toHaveLength(8);
});

it('does not grow with a unit that says pieces without end: nothing of it is recorded', () => {
  const { mask, isKept } = guarded(Array.from({ length: 5000 }, (_, n) => `${n} Zq7!mV`));
  expect(isKept).toBe(false);
  expect(mask.concealed.length).toBeLessThan(300);
});
