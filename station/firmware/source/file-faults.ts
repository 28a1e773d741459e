import { Fault, type FaultCode } from '#shared/domain/fault.ts';

const CODES: Readonly<Record<string, FaultCode>> = {
  ENOENT: 'file-missing',
  ENOTDIR: 'file-missing',
  EACCES: 'file-denied',
  EPERM: 'file-denied',
};

/** What the file system says about a path to read, as a fault; anything unknown passes through. */
export function asReadFault(error: unknown, path: string): unknown {
  if (error instanceof Fault) return error;
  const code = CODES[(error as NodeJS.ErrnoException | null)?.code ?? ''];
  if (code === undefined) return error;
  const what = code === 'file-missing' ? 'does not exist' : 'may not be read';
  return new Fault(code, `${path} ${what}`, { hint: 'Check the path and its permissions.', cause: error });
}
