import type { StationRight } from '#shared/registry-api/index.ts';

/** Who asks. `shared`: with the enrolment token, under a name for which no token was ever made. */
export interface Caller {
  readonly station: string;
  readonly token: 'own' | 'shared';
  readonly rights: readonly StationRight[];
}

/** `admin` is all the others. */
export function may(caller: Pick<Caller, 'rights'>, right: StationRight): boolean {
  return caller.rights.includes(right) || caller.rights.includes('admin');
}
