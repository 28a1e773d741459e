import { findNvsValue, type NvsContent, nvsString, nvsText, type NvsValue } from '#shared/codec/nvs/index.ts';
import type { NvsChange } from '#shared/codec/nvs/index.ts';
import { encodeUtf8 } from '#shared/codec/utf8.ts';
import type { IdentityReading } from '#shared/domain/burn-decision.ts';
import { Fault } from '#shared/domain/fault.ts';
import { DEVICE_NAME, PRODUCT_ID, type Triple } from '#shared/domain/triple.ts';
import type { NvsIdentity } from '#shared/recipe/index.ts';
import type { SecretMask } from '../../../core/secret-mask/index.ts';
import { unreadable } from './find-partition.ts';

/** A shorter value is not masked: it would hide other text. */
const MIN_SECRET_BYTES = 8;
/** Longest string of NVS, without its NUL. */
const MAX_VALUE_BYTES = 3999;

/**
 * The identity in a partition. A secret without a DeviceName is none, as is a ProductId alone: a write was interrupted, because
 * the DeviceName is written last. Faults: `flash-unreadable` for a DeviceName without ProductId and for a value that is no text.
 */
export function tripleIn(content: NvsContent, nvs: NvsIdentity, expected: Triple | null): IdentityReading {
  const text = (key: string): string | null => {
    const value = findNvsValue(content, nvs.namespace, key);
    return value === null ? null : textOf(value, key);
  };
  const deviceName = text(nvs.deviceName);
  if (deviceName === null) return { kind: 'none' };
  const productId = text(nvs.productId);
  if (productId === null)
    throw unreadable('half-identity', `its NVS has the DeviceName "${deviceName}" and no ProductId`, {
      hint: 'Check the names of the keys in the recipe; or flash the unit anew.',
    });
  for (const [key, value, pattern] of [
    [nvs.productId, productId, PRODUCT_ID],
    [nvs.deviceName, deviceName, DEVICE_NAME],
  ] as const)
    if (!pattern.test(value)) throw noText(key);
  const secretMatches = expected === null ? null : text(nvs.deviceSecret) === expected.deviceSecret;
  return { kind: 'holds', name: { productId, deviceName }, secretMatches };
}

/**
 * Masks the secret in a partition: the application of the unit may write it to its log when it starts, and the station may not know
 * it.
 */
export function concealSecretIn(content: NvsContent, nvs: NvsIdentity, mask: SecretMask): void {
  const value = findNvsValue(content, nvs.namespace, nvs.deviceSecret);
  const text = value === null ? null : nvsText(value);
  if (text !== null && text.length >= MIN_SECRET_BYTES) mask.concealSecret(text);
}

function textOf(value: NvsValue, key: string): string {
  const text = nvsText(value);
  if (text === null) throw noText(key);
  return text;
}

function noText(key: string): Fault {
  return unreadable('no-text', `the value of "${key}" in its NVS is no text of an identity`, {
    hint: 'Check the names of the keys in the recipe.',
  });
}

/** The changes that write a triple; the DeviceName is the last and so the decisive one: it is there only if all is. */
export function changesFor(triple: Triple, nvs: NvsIdentity, region: string | null): NvsChange[] {
  const value = (text: string): NvsValue =>
    nvs.as === 'string' ? nvsString(text) : { type: 'blob', bytes: encodeUtf8(text), firstPiece: 0 };
  return [
    ...(nvs.region === undefined || region === null ? [] : [{ key: nvs.region, value: value(region) }]),
    { key: nvs.deviceSecret, value: value(triple.deviceSecret) },
    { key: nvs.productId, value: value(triple.productId) },
    { key: nvs.deviceName, value: value(triple.deviceName) },
  ];
}

/** The changes that remove a triple, the decisive DeviceName last; the region stays. */
export function removalOf(nvs: NvsIdentity): NvsChange[] {
  return [nvs.deviceSecret, nvs.productId, nvs.deviceName].map((key) => ({ key, value: null }));
}

/** Faults: `bad-input` for a triple that a string of NVS does not hold. */
export function checkTriple(triple: Triple): void {
  for (const [name, text] of Object.entries(triple))
    if (typeof text === 'string' && (text.includes('\0') || encodeUtf8(text).length > MAX_VALUE_BYTES))
      throw new Fault(
        'bad-input',
        `the ${name} does not fit into NVS: it takes ${MAX_VALUE_BYTES} bytes without NUL`,
        {
          details: { field: name },
        },
      );
}
