import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { requireUtf8Text } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';

/** How the messages of a fault name a JSON text and help with it. */
export interface JsonTextNames {
  /** The text in the message: `the fault file …`. */
  readonly where: string;
  readonly hint: string;
}

/** The value of a JSON text as its schema has it. Faults: `bad-input` with the position in the text. */
export function parseCheckedJson<T extends z.ZodType>(
  schema: T,
  text: string,
  { where, hint }: JsonTextNames,
): z.output<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Fault('bad-input', `${where} is not JSON`, { hint, cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const position = issue?.path.join('.') || 'its top';
  throw new Fault('bad-input', `${where} is invalid at ${position}: ${issue?.message ?? ''}`, { hint });
}

/** Reads a JSON file as its schema has it. Faults: `file-missing`, `bad-input` with the position in the file. */
export async function readCheckedJson<T extends z.ZodType>(
  schema: T,
  path: string,
  names: JsonTextNames,
): Promise<z.output<T>> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new Fault('file-missing', `${names.where} cannot be read`, { hint: names.hint, cause });
  }
  return parseCheckedJson(schema, requireUtf8Text(bytes, path), names);
}
