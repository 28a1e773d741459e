/** The program of the thread that does heavy work (`core/heavy-work`): the one file of it, with all jobs. */
import { serveHeavyWork } from './core/heavy-work/index.ts';
import { VERIFY_JOB } from './core/signed-files/index.ts';
import { LABEL_JOB, PREVIEW_JOB } from './results/labels/index.ts';
import { REPORT_JOB } from './results/reports/index.ts';

await serveHeavyWork([REPORT_JOB, VERIFY_JOB, LABEL_JOB, PREVIEW_JOB]);
