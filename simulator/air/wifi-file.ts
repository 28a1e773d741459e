import { readFile } from 'node:fs/promises';

import { requireUtf8Text } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';

import { type AccessPoint, accessPoints } from './air.ts';

/**
 * Reads the file given to `--wifi`: a JSON list of access points. Faults: `file-missing`, `bad-input` with the position in the
 * file.
 */
export async function readWifiFile(path: string): Promise<AccessPoint[]> {
  const hint = 'see docs/simulator.md for its form';
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new Fault('file-missing', `the file of Wi-Fi networks ${path} cannot be read`, { hint, cause });
  }
  const text = requireUtf8Text(bytes, path);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Fault('bad-input', `the file of Wi-Fi networks ${path} is not JSON`, { hint, cause });
  }
  const parsed = accessPoints.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const at = issue?.path.join('.') || 'its top';
  throw new Fault(
    'bad-input',
    `the file of Wi-Fi networks ${path} is invalid at ${at}: ${issue?.message ?? ''}`,
    {
      hint,
    },
  );
}
