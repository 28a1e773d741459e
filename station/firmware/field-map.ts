import {
  FIRMWARE_FIELD_MEANINGS,
  type FirmwareFieldMap,
  type FirmwareFieldMeaning,
} from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { FIRMWARE_VERSION } from '#shared/domain/firmware.ts';
import { PRODUCT_ID } from '#shared/domain/triple.ts';
import type { ConfigField } from './config-fields.ts';
import type { ContentFacts } from './inspector.ts';
import { baseName } from './pick-files.ts';
import { refuse, show } from './package-faults.ts';

/** Where a new station begins. It reads names only; what could refuse a package is for an engineer to turn on. */
export const INITIAL_FIELD_MAP: FirmwareFieldMap = { product: 'productId', version: 'version' };

export interface MappedValues {
  readonly productId: string | null;
  readonly version: string | null;
  /** What a mapped field says that cannot be a product or a version. */
  readonly productUnfit: string | null;
  readonly versionUnfit: string | null;
  readonly name: string | null;
  readonly description: string | null;
}

/** `version=fw.version,product=pid` as a person writes it. Faults: `bad-input`. */
export function parseFieldMap(text: string): FirmwareFieldMap {
  const map: Partial<Record<FirmwareFieldMeaning, string>> = {};
  for (const pair of text.split(',').filter((part) => part.trim() !== '')) {
    const [meaning = '', path = ''] = pair.split(/=(.*)/s).map((part) => part.trim());
    if (!isMeaning(meaning) || path === '') {
      throw new Fault('bad-input', `"${pair.trim()}" does not say which field is what`, {
        hint: `Write it as version=FIELD,product=FIELD; known are ${FIRMWARE_FIELD_MEANINGS.join(', ')}.`,
      });
    }
    map[meaning] = path;
  }
  return map;
}

export function isMeaning(text: string): text is FirmwareFieldMeaning {
  return (FIRMWARE_FIELD_MEANINGS as readonly string[]).includes(text);
}

/**
 * What the mapped fields say, and whether they fit the content. A mapped field that is missing, or is no value of its
 * kind (a ProductId with a blank in it), gives none: the value is then asked for, and what the field says is shown.
 * Faults: `firmware-invalid` when a mapped name, size or hash is not that of the content.
 */
export function applyFieldMap(
  map: FirmwareFieldMap,
  fields: readonly ConfigField[],
  filePath: string,
  facts: Pick<ContentFacts, 'sizeBytes' | 'md5' | 'sha256'>,
): MappedValues {
  const valueOf = (meaning: FirmwareFieldMeaning): string | null => {
    const field = fields.find(({ path }) => path === map[meaning]);
    return field === undefined || field.kind === 'other' || field.text.trim() === ''
      ? null
      : field.text.trim();
  };
  const requireSame = (
    meaning: FirmwareFieldMeaning,
    reason: 'size-differs' | 'hash-differs' | 'name-differs',
    actual: string,
  ): void => {
    const said = valueOf(meaning);
    if (said === null || said.toLowerCase() === actual.toLowerCase()) return;
    throw refuse(
      reason,
      `ota_cfg.json says ${meaning} "${show(said)}" (field "${show(map[meaning] ?? '')}"), but it is "${show(actual)}"`,
      'Get the package again; or, when the field means something else, correct the mapping of fields.',
      { field: show(map[meaning] ?? ''), said: show(said), actual: show(actual) },
    );
  };
  requireSame('file', 'name-differs', baseName(filePath));
  requireSame('size', 'size-differs', String(facts.sizeBytes));
  requireSame('md5', 'hash-differs', facts.md5);
  requireSame('sha256', 'hash-differs', facts.sha256);
  const fitting = (value: string | null, pattern: RegExp): string | null =>
    value !== null && pattern.test(value) ? value : null;
  const unfit = (meaning: FirmwareFieldMeaning, pattern: RegExp): string | null => {
    const field = fields.find(({ path }) => path === map[meaning]);
    const text = field?.text.trim() ?? '';
    // A list, a truth value: no name, even if its text looks like one.
    const isNone = text === '' || (field?.kind === 'other' && text === 'null');
    return isNone || (field?.kind !== 'other' && pattern.test(text)) ? null : beginningOf(text, 200);
  };
  return {
    productId: fitting(valueOf('product'), PRODUCT_ID),
    version: fitting(valueOf('version'), FIRMWARE_VERSION),
    productUnfit: unfit('product', PRODUCT_ID),
    versionUnfit: unfit('version', FIRMWARE_VERSION),
    name: beginningOrNull(valueOf('name'), 200),
    description: beginningOrNull(valueOf('description'), 2000),
  };
}

function beginningOrNull(text: string | null, characters: number): string | null {
  return text === null ? null : beginningOf(text, characters);
}

/**
 * As much of a text as is kept, in whole characters. Half of one, as JSON can escape it, becomes its escape: a database
 * keeps U+FFFD in its place.
 */
function beginningOf(text: string, characters: number): string {
  const whole = [...text].slice(0, characters).join('');
  return whole.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}
