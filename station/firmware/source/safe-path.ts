import { invalidPackage, printable } from '../package-faults.ts';

/**
 * The path of an archive's entry with `/`. A path that points outside of the archive is a sign of an attack: the whole
 * package is refused, although nothing is written to such a path. Faults: `firmware-invalid` (`unsafe-name`).
 */
export function safePath(name: string): string {
  const path = name.replaceAll('\\', '/');
  const steps = path.split('/');
  const leadsOut = path.startsWith('/') || /^[A-Za-z]:/.test(path) || steps.includes('..');
  if (!leadsOut && !path.includes('\0') && path !== '') return path;
  throw invalidPackage(
    'unsafe-name',
    `the package holds a file whose name points outside of it: "${printable(name)}"`,
    'Do not use this package; ask where it came from.',
    { file: printable(name) },
  );
}

/** Decodes UTF-8, else GB18030, because archives of a Chinese Windows have GBK names without a flag. */
export function decodeName(raw: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw);
  } catch {
    return new TextDecoder('gb18030').decode(raw);
  }
}

/** Files that operating systems add to archives and folders, such as macOS resource forks and folder settings. */
export function isClutter(path: string): boolean {
  const steps = path.split('/');
  const base = steps.at(-1) ?? '';
  return steps.includes('__MACOSX') || base.startsWith('._') || base === '.DS_Store' || base === 'Thumbs.db';
}
