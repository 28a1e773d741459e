import type { RecipeDraftView, RecipeState, RecipeVersionView } from '#shared/contract/index.ts';
import type { Tone } from '#ui/index.ts';
import type { IconName } from '#parts/index.ts';

export type RowState = RecipeState | 'draft';

/** A draft or a version as a row of the list. */
export interface RecipeRow {
  readonly key: string;
  readonly state: RowState;
  readonly draft: RecipeDraftView | null;
  readonly version: RecipeVersionView | null;
  readonly name: string;
  readonly versionText: string;
  readonly changedBy: string | null;
  readonly changedAtMs: number;
}

export const STATE_TONES: Readonly<Record<RowState, Tone>> = {
  draft: 'work',
  trial: 'warn',
  locked: 'neutral',
  released: 'good',
  withdrawn: 'bad',
};

export const STATE_ICONS: Readonly<Record<RowState, IconName>> = {
  draft: 'pen',
  trial: 'pen',
  locked: 'lock',
  released: 'pass',
  withdrawn: 'refused',
};

export const ROW_STATES: readonly RowState[] = ['draft', 'trial', 'locked', 'released', 'withdrawn'];

/** The name of a draft; with a number when it is a further one of its name and version. */
function draftName({ name, copy }: Pick<RecipeDraftView, 'name' | 'copy'>): string {
  return copy === 1 ? name : `${name} (${copy})`;
}

/** Drafts and versions together, the last change first. */
export function recipeRows(
  drafts: readonly RecipeDraftView[],
  versions: readonly RecipeVersionView[],
): RecipeRow[] {
  const ofDrafts = drafts.map((draft): RecipeRow => ({
    key: `draft-${draft.draftId}`,
    state: 'draft',
    draft,
    version: null,
    name: draftName(draft),
    versionText: draft.version,
    changedBy: draft.savedBy,
    changedAtMs: draft.savedAtMs,
  }));
  const ofVersions = versions.map((version): RecipeRow => ({
    key: `version-${version.hash}`,
    state: version.state,
    draft: null,
    version,
    name: version.name,
    versionText: version.version,
    ...lastChange(version),
  }));
  return [...ofDrafts, ...ofVersions].sort((a, b) => b.changedAtMs - a.changedAtMs);
}

function lastChange(version: RecipeVersionView): Pick<RecipeRow, 'changedBy' | 'changedAtMs'> {
  const { withdrawnBy, withdrawnAtMs, releasedBy, releasedAtMs, lockedBy, lockedAtMs } = version;
  if (withdrawnAtMs !== null) return { changedBy: withdrawnBy, changedAtMs: withdrawnAtMs };
  if (releasedAtMs !== null) return { changedBy: releasedBy, changedAtMs: releasedAtMs };
  if (lockedAtMs !== null) return { changedBy: lockedBy, changedAtMs: lockedAtMs };
  return { changedBy: version.addedBy, changedAtMs: version.addedAtMs };
}
