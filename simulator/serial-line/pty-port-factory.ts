import { openPty, reopenPty, type Libc } from '../pty/index.ts';
import type { Outlet } from './port.ts';

/** Serial ports: a pty each time the cable goes in. */
export function ptyOutlet(libc: Libc): Outlet {
  return { open: () => openPty(libc), reopen: (path) => reopenPty(libc, path) };
}
