import { readJsonText } from '#shared/codec/json-text.ts';
import { readUtf8Text } from '#shared/codec/text-file.ts';
import { CONFIG_NAME } from '#shared/domain/firmware.ts';
import { Fault } from '#shared/domain/fault.ts';
import { invalidPackage, printable } from './package-faults.ts';

/** One value of an `ota_cfg.json`, as written. */
export interface ConfigField {
  /** Keys joined by dots: `module.version`. */
  readonly path: string;
  readonly text: string;
  readonly kind: 'text' | 'number' | 'other';
}

/** Objects inside of this many others are one field, whose text is JSON. */
const MAX_DEPTH = 8;

/**
 * Reads all fields of an `ota_cfg.json`, whose schema is not public. Numbers keep their digits, also inside of a list: a
 * version `1.10` does not become `1.1`. Two fields have one path when a key contains a dot: `{"a.b": 1, "a": {"b": 2}}`.
 * Faults: `firmware-invalid` (`config-not-json`).
 */
export function readConfigFields(config: Uint8Array, path: string): ConfigField[] {
  const fields: ConfigField[] = [];
  collect(parse(config, path), '', 0, fields);
  return fields;
}

/** Reads the fields of a stored package; empty when this version of Gongwei refuses its `ota_cfg.json`. */
export function readStoredFields(config: Uint8Array): ConfigField[] {
  try {
    return readConfigFields(config, CONFIG_NAME);
  } catch (error) {
    if (error instanceof Fault) return [];
    throw error;
  }
}

/** A number with the digits it was written with. */
class WrittenNumber {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
  toJSON(): unknown {
    return rawJson(this.source);
  }
}

/** ES2026: a value that `JSON.stringify` writes as this text. TypeScript's declarations lack it. */
const { rawJSON: rawJson } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

function parse(config: Uint8Array, path: string): unknown {
  const file = printable(path);
  const read = readUtf8Text(config);
  if (!read.ok) {
    const { line, column, what } = read.problem;
    throw invalidPackage(
      'config-not-json',
      `"${file}", line ${line}, column ${column}: this file ${what.en}`,
      'Ask for the package in UTF-8, or save the file again as UTF-8.',
      { file, line, column },
    );
  }
  const json = readJsonText(read.text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? new WrittenNumber(source) : value,
  );
  if (json.ok) return json.value;
  const { line, column, what } = json.problem;
  throw invalidPackage(
    'config-not-json',
    `"${file}", line ${line}, column ${column}: this file ${what.en}`,
    'Get the package again, or correct the file.',
    { file, line, column },
  );
}

function collect(value: unknown, path: string, depth: number, into: ConfigField[]): void {
  if (value instanceof WrittenNumber) into.push({ path, text: value.source, kind: 'number' });
  else if (typeof value === 'string') into.push({ path, text: value, kind: 'text' });
  else if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < MAX_DEPTH) {
    for (const [key, inner] of Object.entries(value))
      collect(inner, path === '' ? key : `${path}.${key}`, depth + 1, into);
  } else into.push({ path, text: JSON.stringify(value), kind: 'other' });
}
