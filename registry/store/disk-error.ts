import { sqliteFaultCodeOf } from '#node-kit/sqlite/index.ts';
import { RegistryError } from '../registry-error.ts';

/** The registry error for a disk error of SQLite; null for another error. */
export function diskError(error: unknown): RegistryError | null {
  const faultCode = sqliteFaultCodeOf(error);
  if (faultCode === null || faultCode === 'data-busy') return null;
  const { code } = error as { readonly code: string };
  if (faultCode === 'disk-full') {
    return new RegistryError(
      'disk-full',
      "the registry's disk is full",
      'Free space on it; stations keep their messages.',
    );
  }
  if (faultCode === 'database-corrupt') {
    return new RegistryError(
      'storage-lost',
      `the registry's database is damaged (${code})`,
      'Stop the registry, keep the file, and restore the last backup. Stations keep their messages.',
    );
  }
  return new RegistryError(
    'storage-lost',
    `the registry cannot write its database (${code})`,
    'Check that its disk is there, works and is not mounted read-only, then start the registry again. Stations keep their messages.',
  );
}
