import { existsSync } from 'node:fs';

const SYSTEM_PYTHON = '/usr/bin/python3';

/** The Python that has the modules of the system's packages; another one may be first on the path. */
export const PYTHON = existsSync(SYSTEM_PYTHON) ? SYSTEM_PYTHON : 'python3';
