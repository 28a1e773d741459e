import type { IdentityReading } from '#shared/domain/burn-decision.ts';
import { DEVICE_NAME, PRODUCT_ID, type Triple } from '#shared/domain/triple.ts';
import type { SecretGroup } from '#shared/recipe/index.ts';
import { type AnswerSource, type AnswerValues, unreadable } from './answer-values.ts';
import { evidenceOf } from './secret-evidence.ts';

/**
 * The identity that the values of a reading describe, compared with the expected one. `incomplete`: a part of the name is empty,
 * as after a write that was interrupted. Faults: `device-garbled` for a name that no identity has, and for a value of the secret
 * that no secret has.
 *
 * @param groups those of the recipe that say something about the secret
 */
export function interpretReading(
  values: AnswerValues,
  groups: readonly SecretGroup[],
  expected: Triple | null,
  source: AnswerSource,
): IdentityReading | 'incomplete' {
  const productId = values.text('productId', source);
  const deviceName = values.text('deviceName', source);
  if (productId === '' || deviceName === '') return 'incomplete';
  if (!PRODUCT_ID.test(productId)) throw unreadable(source, 'productId', 'no ProductId is written so');
  if (!DEVICE_NAME.test(deviceName)) throw unreadable(source, 'deviceName', 'no DeviceName is written so');
  const evidence = groups.map((group) => ({
    group,
    says: evidenceOf(values, group, expected?.deviceSecret ?? ''),
  }));
  const malformed = evidence.find(({ says }) => says === 'malformed');
  if (malformed !== undefined) throw unreadable(source, malformed.group, 'no secret has such a value');
  const secretMatches =
    expected === null || groups.length === 0 ? null : evidence.every(({ says }) => says === 'same');
  return { kind: 'holds', name: { productId, deviceName }, secretMatches };
}
