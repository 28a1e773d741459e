import { sqliteFaultCodeOf } from '#node-kit/sqlite/index.ts';
import { RegistryError } from '../registry-error.ts';

/** A failure of the disk below the database in words, or null when the error is another. */
export function diskTrouble(error: unknown): RegistryError | null {
  const trouble = sqliteFaultCodeOf(error);
  if (trouble === null || trouble === 'data-busy') return null;
  const { code } = error as { readonly code: string };
  if (trouble === 'disk-full') {
    return new RegistryError(
      'disk-full',
      "the registry's disk is full",
      'Free space on it; stations keep what they have to tell.',
    );
  }
  if (trouble === 'database-corrupt') {
    return new RegistryError(
      'storage-lost',
      `the registry's database is damaged (${code})`,
      'Stop the registry, keep the file, and restore the last backup. Stations keep what they have to tell.',
    );
  }
  return new RegistryError(
    'storage-lost',
    `the registry cannot write its database (${code})`,
    'Check that its disk is there, sound and not mounted read-only, then start the registry again. Stations keep what they have to tell.',
  );
}
