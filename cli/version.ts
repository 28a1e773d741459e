import { readFileSync } from 'node:fs';
import { resource } from './resources.ts';

/** What every run is marked with. */
export const APP_VERSION = String(
  (JSON.parse(readFileSync(resource('package.json'), 'utf8')) as { version: string }).version,
);
