/** The schema, step by step. */
import { migration0010 } from './0010-ledger-runs-outbox.ts';
import { migration0020 } from './0020-firmware.ts';
import { migration0030 } from './0030-audit-people.ts';
import { migration0040 } from './0040-returns-outbox-order.ts';
import { migration0050 } from './0050-measurements-variables-recipe-files.ts';
import { migration0060 } from './0060-person-wrong-pins.ts';
import { migration0061 } from './0061-batch-start-mode.ts';
import { migration0070 } from './0070-record-journal.ts';
import { migration0080 } from './0080-recipe-locks.ts';
import { migration0100 } from './0100-person-wrong-pins-unbounded.ts';
import { migration0110 } from './0110-bound-triples-unique-secret.ts';
import { migration0120 } from './0120-firmware-documents.ts';
import { migration0140 } from './0140-measurement-relative-limits.ts';
import { migration0150 } from './0150-unit-id-kinds.ts';
import { migration0155 } from './0155-quarantined-triples.ts';
import { migration0160 } from './0160-saved-filters.ts';
import { migration0161 } from './0161-run-facts.ts';
import { migration0170 } from './0170-person-badges-disabled.ts';
import { migration0180 } from './0180-recipe-library.ts';
import { migration0190 } from './0190-unproven-runs.ts';
import { migration0191 } from './0191-firmware-of-batches.ts';
import { migration0192 } from './0192-label-prints.ts';
import { migration0193 } from './0193-signed-documents.ts';
import { migration0194 } from './0194-foreign-runs.ts';
import { migration0195 } from './0195-attachments.ts';
import { migration0197 } from './0197-label-templates.ts';
import { migration0198 } from './0198-report-schedules.ts';
import { migration0202 } from './0202-removed-label-templates.ts';
import type { Migration } from '#node-kit/sqlite/index.ts';

export const MIGRATIONS: readonly Migration[] = [
  migration0010,
  migration0020,
  migration0030,
  migration0040,
  migration0050,
  migration0060,
  migration0061,
  migration0070,
  migration0080,
  migration0100,
  migration0110,
  migration0120,
  migration0140,
  migration0150,
  migration0155,
  migration0160,
  migration0161,
  migration0170,
  migration0180,
  migration0190,
  migration0191,
  migration0192,
  migration0193,
  migration0194,
  migration0195,
  migration0197,
  migration0198,
  migration0202,
];

/** The version of the data that this program writes; an older program cannot open it. */
export const DATA_VERSION: number = Math.max(...MIGRATIONS.map(({ version }) => version));
