import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The path of a file that ships with the program, found from the sources as well as from a bundle. */
export function resource(path: string): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json'))) dir = dirname(dir);
  return join(dir, path);
}

/** The version of Gongwei; every run records it. */
export const APP_VERSION = String(
  (JSON.parse(readFileSync(resource('package.json'), 'utf8')) as { version: string }).version,
);

/** The command by which this program was started, so that commands in messages can be copied as they are. */
export function programName(env: NodeJS.ProcessEnv = process.env): string {
  const name = env['GONGWEI_PROGRAM'] ?? '';
  return name === '' ? 'gongwei' : name;
}
