import type { BackupsState, DoctorCheck, StorageUsage, TrailEntry } from '#shared/contract/index.ts';
import type { Answers } from '../mock-station.ts';

const DAY_MS = 86_400_000;
const GIGABYTE = 1_000_000_000;

/** A check-up with a finding of each level, a disk with old recordings, and an audit trail of several pages. */
export function upkeepAnswers(nowMs: number): Answers {
  let usage: StorageUsage = {
    freeBytes: 84.3 * GIGABYTE,
    kinds: [
      { kind: 'database', files: 3, bytes: 1.9 * GIGABYTE },
      { kind: 'attachments', files: 2_310, bytes: 4.1 * GIGABYTE },
      { kind: 'recordings', files: 18_204, bytes: 12.4 * GIGABYTE },
      { kind: 'logs', files: 41, bytes: 0.21 * GIGABYTE },
      { kind: 'backups', files: 7, bytes: 9.8 * GIGABYTE },
      { kind: 'exports', files: 4, bytes: 0.02 * GIGABYTE },
      { kind: 'other', files: 6, bytes: 0.001 * GIGABYTE },
    ],
    oldestRecordingAtMs: nowMs - 371 * DAY_MS,
    expired: { files: 312, bytes: 0.2 * GIGABYTE },
    attachments: { maxAgeDays: 1095, expired: { files: 12, bytes: 0.03 * GIGABYTE } },
    clock: { nowMs, doubt: { by: 'records', aheadMs: 12 * DAY_MS } },
  };
  const trail = Array.from({ length: 120 }, (_, index) => entry(nowMs, 120 - index));
  return {
    ...backupAnswers(nowMs),
    'doctor.examine': ({ thorough }) => ({
      atMs: nowMs,
      checks: [
        ...CHECKS,
        ...(thorough
          ? [
              check('records', 'ok', 'all are as the station wrote them'),
              check(
                'figures',
                'fail',
                '2 rows of the kept figures are not what the records give',
                'Make them anew.',
              ),
            ]
          : []),
      ],
    }),
    'doctor.remakeFigures': {},
    'storage.usage': () => usage,
    'storage.tidy': () => {
      const { files, bytes } = usage.expired;
      usage = { ...usage, expired: { files: 0, bytes: 0 } };
      return { removed: files, bytes, usage };
    },
    'storage.keepAttachments': ({ maxAgeDays }) => {
      usage = { ...usage, attachments: { ...usage.attachments, maxAgeDays } };
      return usage;
    },
    'storage.confirmClock': () => {
      usage = { ...usage, clock: { nowMs, doubt: null } };
      return usage;
    },
    'trail.filters': { actors: ['station', '李伟', '陈静'], kinds: ['person', 'session', 'settings'] },
    'trail.list': ({ actor, kind, before, limit }) => {
      const found = trail.filter(
        (one) =>
          (actor === undefined || one.actor === actor) &&
          (kind === undefined || one.action.startsWith(`${kind}.`)) &&
          (before === null || one.seq < before),
      );
      const entries = found.slice(0, limit);
      return { entries, before: found.length > limit ? (entries.at(-1)?.seq ?? null) : null };
    },
    'trail.export': { fileId: 'trail-1', name: 'L3-07_audit_20261120T081500Z.csv', count: 120 },
  };
}

function entry(nowMs: number, seq: number): TrailEntry {
  const by = seq % 3 === 0 ? '李伟' : '陈静';
  const common = { seq, atMs: nowMs - (120 - seq) * 3_600_000, actor: by, role: 'engineer' };
  switch (seq % 4) {
    case 0:
      return { ...common, action: 'session.sign-in', subject: by, details: { role: 'engineer' } };
    case 1:
      return { ...common, action: 'settings.slot', subject: '2', details: { place: 'usb:1-1.2' } };
    case 2:
      return {
        ...common,
        action: 'settings.recordings',
        subject: 'recordings.limits',
        details: { from: '{"maxAgeDays":365}', to: '{"maxAgeDays":180}' },
      };
    default:
      return {
        ...common,
        action: 'clock.vouch',
        subject: '2026-11-20T08:15:00.000Z',
        details: { reason: 'the battery was changed', approver: '李伟', approverProven: true },
      };
  }
}

function check(
  name: string,
  level: DoctorCheck['level'],
  message: string,
  hint: string | null = null,
  { code = null, command = null }: Partial<Pick<DoctorCheck, 'code' | 'command'>> = {},
): DoctorCheck {
  return { name, level, message, hint, code, command };
}

const CHECKS: readonly DoctorCheck[] = [
  check('data', 'ok', '/srv/line-3/station can be written'),
  check('rights', 'ok', 'no other user can read it'),
  check('disk', 'ok', '80395 MB are left'),
  check('database', 'ok', 'station.db opens'),
  check('backup', 'warn', 'station-20261115T081500.db lacks the last 5 days', 'Make one: "backup".'),
  check(
    'outbox',
    'warn',
    '37 messages wait for the registry; the oldest for 26 hours',
    'Send them: "sync drain".',
  ),
  check(
    'port usb:1-1.2',
    'fail',
    'nothing is plugged in at usb:1-1.2',
    'Plug the fixture into its own socket.',
    {
      code: 'port-missing',
    },
  ),
  check('port /dev/ttyUSB2', 'fail', '/dev/ttyUSB2 may not be used', 'Let this user use serial ports.', {
    code: 'port-denied',
    command: 'sudo usermod -aG dialout chenjing',
  }),
  check('registry', 'note', 'this station is bound to no registry', 'Bind it when there is one.', {
    code: 'not-configured',
  }),
  check('ble', 'ok', 'the adapter is on'),
];

/** Backups of a week, one of them with its key file. */
function backupAnswers(nowMs: number): Answers {
  let state: BackupsState = {
    backups: [1, 2, 3, 4].map((days) => ({
      name: `station-2026111${9 - days}T081500.db`,
      sizeBytes: 1.4 * GIGABYTE - days * 8_000_000,
      madeAtMs: nowMs - days * DAY_MS,
      hasKeyFile: days === 3,
    })),
    schedule: { everyHours: 24, everyRuns: 500, kept: 7, folder: null },
    copyAtMs: null,
    fault: null,
    lastAtMs: nowMs - DAY_MS,
    canRestore: true,
    restored: null,
  };
  const add = (name: string, hasKeyFile: boolean): { name: string; state: BackupsState } => {
    const backups = [{ name, sizeBytes: 1.4 * GIGABYTE, madeAtMs: nowMs, hasKeyFile }, ...state.backups];
    state = { ...state, backups };
    return { name, state };
  };
  return {
    'backups.list': () => state,
    'backups.make': () => add('station-20261120T081500.db', false),
    'backups.add': ({ fileIds }) => add('station-20261120T081600_1.db', fileIds.length > 1),
    'backups.schedule': (schedule) => {
      state = { ...state, schedule: { ...schedule, everyRuns: 500 } };
      return state;
    },
    'backups.download': ({ name, passphrase }) => ({
      files: [name, ...(passphrase === null ? [] : [name.replace('.db', '.key')])].map((file) => ({
        fileId: `download-${file}`,
        name: file,
      })),
    }),
    'backups.preview': ({ name }) => ({
      name,
      upToMs: nowMs - 2 * DAY_MS,
      runsSince: 412,
      quarantined: 38,
      inUnits: 812,
      key: state.backups.find((one) => one.name === name)?.hasKeyFile === true ? 'beside' : 'own',
      users: [{ name: '陈静', role: 'engineer' }],
      usersGone: ['王芳'],
    }),
    'backups.restore': {},
  };
}
