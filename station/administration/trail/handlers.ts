import type { SectionHandlers, TrailEntry } from '#shared/contract/index.ts';
import { readDetails } from '../../core/audit-log/index.ts';
import type { AuditRow, WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { Downloads } from '../downloads/index.ts';
import type { Settings } from '../settings/index.ts';
import { writeTrail } from './write-trail.ts';

export function trailHandlers({
  database,
  downloads,
  platform,
  settings,
}: {
  readonly database: WritableDatabase;
  readonly downloads: Downloads;
  readonly platform: Platform;
  readonly settings: Settings;
}): SectionHandlers<'trail'> {
  const writing = new Set<string>();
  return {
    'trail.list': ({ before, limit, ...filter }) => {
      // One more shows whether there is another page.
      const rows = database.audit.listBefore(filter, before, limit + 1);
      const entries = rows.slice(0, limit).map(toEntry);
      return { entries, before: rows.length > limit ? (entries.at(-1)?.seq ?? null) : null };
    },
    'trail.filters': () => database.audit.listFilters(),
    'trail.export': async (filter, { signal }) => {
      const order = { station: settings.station(), filter, writing };
      const { path, name, count } = await writeTrail(platform, database, order, signal);
      return { fileId: downloads.add({ path, name, type: 'text/csv; charset=utf-8' }), name, count };
    },
  };
}

function toEntry({ seq, at, actor, role, action, subject, details }: AuditRow): TrailEntry {
  const known = Object.entries(readDetails(details)).map(([key, value]) => [
    key,
    value === null || ['string', 'number', 'boolean'].includes(typeof value) ? value : JSON.stringify(value),
  ]);
  return {
    seq,
    atMs: at,
    actor,
    role,
    action,
    subject,
    details: Object.fromEntries(known) as TrailEntry['details'],
  };
}
