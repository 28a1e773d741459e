import { posix } from 'node:path';
import {
  FIRMWARE_FIELD_MEANINGS,
  type FirmwareFieldChanges,
  type FirmwareFieldMap,
  type FirmwareFieldMeaning,
} from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { FIRMWARE_VERSION } from '#shared/domain/firmware.ts';
import { PRODUCT_ID } from '#shared/domain/triple.ts';
import type { ConfigField } from './config-fields.ts';
import type { ContentFacts } from './inspector.ts';
import { invalidPackage, printable } from './package-faults.ts';

/** The mapping of a new station. It reads names only; an engineer adds fields that can make a package invalid. */
export const INITIAL_FIELD_MAP: FirmwareFieldMap = { product: 'productId', version: 'version' };

export interface MappedValues {
  readonly productId: string | null;
  readonly version: string | null;
  /** Texts of mapped fields that are not a product or a version. */
  readonly invalidProduct: string | null;
  readonly invalidVersion: string | null;
  readonly name: string | null;
  readonly description: string | null;
}

/** Parses `version=fw.version,product=pid`. Faults: `bad-input`. */
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

/** The map after the changes; meanings that are not named keep their field. */
export function changeFieldMap(map: FirmwareFieldMap, changes: FirmwareFieldChanges): FirmwareFieldMap {
  const changed: FirmwareFieldMap = { ...map };
  for (const meaning of FIRMWARE_FIELD_MEANINGS) {
    const path = changes[meaning];
    if (path === null) delete changed[meaning];
    else if (path !== undefined) changed[meaning] = path;
  }
  return changed;
}

export function isMeaning(text: string): text is FirmwareFieldMeaning {
  return (FIRMWARE_FIELD_MEANINGS as readonly string[]).includes(text);
}

/**
 * Reads the mapped fields and compares them with the content. A field that is missing or malformed (a ProductId with a blank)
 * gives null, and its text in `invalid…` is shown where a person enters the value.
 * Faults: `firmware-invalid` when a mapped name, size or hash is not that of the content, or a mapped path has two fields.
 */
export function applyFieldMap(
  map: FirmwareFieldMap,
  fields: readonly ConfigField[],
  filePath: string,
  facts: Pick<ContentFacts, 'sizeBytes' | 'md5' | 'sha256'>,
): MappedValues {
  const fieldOf = (meaning: FirmwareFieldMeaning): ConfigField | undefined => {
    const path = map[meaning];
    const [field, second] = path === undefined ? [] : fields.filter((one) => one.path === path);
    if (path === undefined || second === undefined) return field;
    throw invalidPackage(
      'field-ambiguous',
      `ota_cfg.json has two fields "${printable(path)}": one of them has a key with a dot`,
      'Rename one of them in the file, or map another field.',
      { field: printable(path) },
    );
  };
  const valueOf = (meaning: FirmwareFieldMeaning): string | null => {
    const field = fieldOf(meaning);
    return field === undefined || field.kind === 'other' || field.text.trim() === ''
      ? null
      : field.text.trim();
  };
  const requireSame = (
    meaning: FirmwareFieldMeaning,
    reason: 'size-differs' | 'hash-differs' | 'name-differs',
    actual: string,
  ): void => {
    const stated = valueOf(meaning);
    if (stated === null || stated.toLowerCase() === actual.toLowerCase()) return;
    throw invalidPackage(
      reason,
      `ota_cfg.json says ${meaning} "${printable(stated)}" (field "${printable(map[meaning] ?? '')}"), but it is "${printable(actual)}"`,
      'Get the package again; or, when the field means something else, correct the mapping of fields.',
      { field: printable(map[meaning] ?? ''), said: printable(stated), actual: printable(actual) },
    );
  };
  requireSame('file', 'name-differs', posix.basename(filePath));
  requireSame('size', 'size-differs', String(facts.sizeBytes));
  requireSame('md5', 'hash-differs', facts.md5);
  requireSame('sha256', 'hash-differs', facts.sha256);
  const fitting = (value: string | null, pattern: RegExp): string | null =>
    value !== null && pattern.test(value) ? value : null;
  const invalidTextOf = (meaning: FirmwareFieldMeaning, pattern: RegExp): string | null => {
    const field = fieldOf(meaning);
    const text = field?.text.trim() ?? '';
    // A list or a truth value is not a name, also when its text looks like one.
    const isNone = text === '' || (field?.kind === 'other' && text === 'null');
    return isNone || (field?.kind !== 'other' && pattern.test(text)) ? null : truncate(text, 200);
  };
  return {
    productId: fitting(valueOf('product'), PRODUCT_ID),
    version: fitting(valueOf('version'), FIRMWARE_VERSION),
    invalidProduct: invalidTextOf('product', PRODUCT_ID),
    invalidVersion: invalidTextOf('version', FIRMWARE_VERSION),
    name: truncateOrNull(valueOf('name'), 200),
    description: truncateOrNull(valueOf('description'), 2000),
  };
}

function truncateOrNull(text: string | null, characters: number): string | null {
  return text === null ? null : truncate(text, characters);
}

/**
 * The first characters of a text. A lone surrogate, which JSON can contain, becomes its escape, because a database would
 * store U+FFFD in its place.
 */
function truncate(text: string, characters: number): string {
  const whole = [...text].slice(0, characters).join('');
  return whole.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}
