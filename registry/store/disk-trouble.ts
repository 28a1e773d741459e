import { sqliteFaultCodeOf } from '#node-kit/sqlite/index.ts';
import { RegistryError } from '../registry-error.ts';

/** The registry error for a disk error of SQLite; null for another error. */
export function diskTrouble(error: unknown): RegistryError | null {
  const trouble = sqliteFaultCodeOf(error);
  if (trouble === null || trouble === 'data-busy') return null;
  const { code } = error as { readonly code: string };
  if (trouble === 'disk-full') {
    return new RegistryError(
      'disk-full',
      "the registry's disk is full",
      'Free space on it; stations keep their messages.',
    );
  }
  if (trouble === 'database-corrupt') {
    return new RegistryError(
      'storage-lost',
      `the registry's database is damaged (${code})`,
      'Stop the registry, keep the file, and restore the last backup. Stations keep their messages.',
    );
  }
  return new RegistryError(
    'storage-lost',
    `the registry cannot write its database (${code})`,
    'Check that its disk is there, sound and not mounted read-only, then start the registry again. Stations keep their messages.',
  );
}
