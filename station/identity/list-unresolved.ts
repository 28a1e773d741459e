import {
  UNRESOLVED_PAGE,
  type UnresolvedIdentity,
  type UnresolvedIdentityState,
} from '#shared/contract/index.ts';
import { unitIdOrNull } from '#shared/domain/unit-id.ts';
import type { ReadableDatabase } from '../core/database/index.ts';

/** A page of the identities in this state, and the cursor of the next page; null at the end. */
export function listUnresolved(
  database: ReadableDatabase,
  state: UnresolvedIdentityState,
  after: number | null,
): { identities: UnresolvedIdentity[]; next: number | null } {
  const rows = database.unresolved.list(state, after ?? 0, UNRESOLVED_PAGE + 1);
  const shown = rows.slice(0, UNRESOLVED_PAGE);
  return {
    identities: shown.map(({ tripleId: _, idKind, idText, ...row }) => ({
      ...row,
      state,
      unitId: unitIdOrNull({ chipId: row.chipId, idKind, idText }),
    })),
    next: rows.length > shown.length ? (shown.at(-1)?.tripleId ?? null) : null,
  };
}
