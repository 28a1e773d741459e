import { refuse, show } from '../package-faults.ts';

/**
 * The path of an archive's entry with `/`, or a fault when it points outside. Nothing is ever written to such a path;
 * but who puts one into a package means harm, and nothing else in it deserves trust.
 * Faults: `firmware-invalid` (`unsafe-name`).
 */
export function safePath(name: string): string {
  const path = name.replaceAll('\\', '/');
  const steps = path.split('/');
  const leadsOut = path.startsWith('/') || /^[A-Za-z]:/.test(path) || steps.includes('..');
  if (!leadsOut && !path.includes('\0') && path !== '') return path;
  throw refuse(
    'unsafe-name',
    `the package holds a file whose name points outside of it: "${show(name)}"`,
    'Do not use this package; ask where it came from.',
    { file: show(name) },
  );
}

/** Names in archives are UTF-8 when they say so; archives made on Chinese Windows hold GBK and say nothing. */
export function decodeName(raw: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw);
  } catch {
    return new TextDecoder('gb18030').decode(raw);
  }
}

/** What systems leave in archives and folders, and nobody means: macOS resource forks, folder settings. */
export function isClutter(path: string): boolean {
  const steps = path.split('/');
  const base = steps.at(-1) ?? '';
  return steps.includes('__MACOSX') || base.startsWith('._') || base === '.DS_Store' || base === 'Thumbs.db';
}
