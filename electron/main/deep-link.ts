import { unitOfLink } from '#shared/domain/unit-link.ts';
import { HOME_URL } from './pages.ts';

/** The unit of the last link among the arguments of a start. */
export function unitOfArguments(argv: readonly string[]): string | null {
  return argv.map(unitOfLink).findLast((unit) => unit !== null) ?? null;
}

/** The address of the page with the unit's history. */
export function addressOfUnit(unit: string): string {
  return `${HOME_URL}#/unit/${encodeURIComponent(unit)}`;
}
