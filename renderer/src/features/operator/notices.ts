import { PRINTER_PROBLEM_WORDS } from '#shared/words/index.ts';
import type { Translator } from '#services/i18n/index.ts';
import type { IconName } from '#parts/index.ts';
import {
  useBatch,
  useHealth,
  useSession,
  useConnection,
  useVersionMismatch,
  usePool,
  usePrinter,
  useSync,
  useYield,
} from '#stores/index.ts';
import { formatWarning } from '#services/i18n/format-warning.ts';

export interface Notice {
  readonly id:
    | 'outdated'
    | 'connection'
    | 'disk-full'
    | 'disk-fault'
    | 'disk-low'
    | 'pool-empty'
    | 'batch-complete'
    | 'pool-low'
    | 'signed-out'
    | 'idle'
    | 'printer'
    | 'parked'
    | 'drift';
  readonly icon: IconName;
  readonly tone: 'quiet' | 'warn' | 'bad' | 'good';
  readonly message: string;
  readonly action: string | null;
}

/** A drift that reaches its limit later is shown on the batch's page only, to the engineer. */
const DRIFT_UNITS = 100;

/** The notices for the operator, most urgent first. Reads the stores: call it inside `computed`. */
export function notices(i18n: Translator): Notice[] {
  const connection = useConnection();
  const batch = useBatch();
  const pool = usePool();
  const sync = useSync();
  const list: Notice[] = [];

  if (useVersionMismatch().topic !== null) {
    list.push({
      id: 'outdated',
      icon: 'warn',
      tone: 'bad',
      message: i18n.t('connection.outdated'),
      action: i18n.t('connection.outdatedAction'),
    });
  } else if (connection.state === 'reconnecting') {
    list.push({
      id: 'connection',
      icon: 'running',
      tone: 'warn',
      message: i18n.t('connection.reconnecting'),
      action: i18n.t('connection.reconnectingAction'),
    });
  } else if (connection.state === 'lost') {
    list.push({
      id: 'connection',
      icon: 'warn',
      tone: 'bad',
      message: i18n.t('connection.lost'),
      action: i18n.t('connection.lostAction'),
    });
  }
  const disk = useHealth().state?.disk;
  if (disk?.fault != null) {
    const { code, details } = disk.fault;
    list.push({ id: 'disk-fault', icon: 'warn', tone: 'bad', ...i18n.fault(code, details) });
  }
  if (disk?.full === true || disk?.low === true) {
    list.push({
      id: disk.full ? 'disk-full' : 'disk-low',
      icon: 'warn',
      tone: disk.full ? 'bad' : 'warn',
      message: disk.full ? i18n.t('notice.diskFull') : diskLow(disk.hoursLeft, i18n),
      action: disk.full ? i18n.t('notice.diskFullAction') : i18n.t('notice.diskLowAction'),
    });
  }
  if (pool.level === 'empty') {
    list.push({
      id: 'pool-empty',
      icon: 'warn',
      tone: 'bad',
      message: i18n.t('notice.poolEmpty'),
      action: i18n.t('notice.poolEmptyAction'),
    });
  }
  const printer = usePrinter();
  const [problem] = printer.problems;
  if (problem !== undefined || printer.fault !== null) {
    const { code, details } = printer.fault ?? { code: 'printer-not-ready' as const, details: {} };
    const { message, action } = i18n.fault(code, details);
    list.push({
      id: 'printer',
      icon: 'print',
      tone: 'warn',
      message:
        problem === undefined
          ? message
          : i18n.t('notice.printer', { problem: PRINTER_PROBLEM_WORDS[problem][i18n.language] }),
      action,
    });
  }
  if (batch.active !== null && batch.complete) {
    const { name, quantity } = batch.active;
    list.push({
      id: 'batch-complete',
      icon: 'flag',
      tone: 'good',
      message: i18n.t('notice.batchComplete', { name, quantity }),
      action: i18n.t('notice.batchCompleteAction'),
    });
  }
  if (pool.level === 'low' && pool.available !== null && batch.remaining !== null) {
    list.push({
      id: 'pool-low',
      icon: 'warn',
      tone: 'warn',
      message:
        pool.emptyInMinutes === null
          ? i18n.t('notice.poolLow', { count: pool.available, remaining: batch.remaining })
          : i18n.t(pool.lasting < pool.available ? 'notice.poolSoonFree' : 'notice.poolSoon', {
              count: pool.lasting,
              minutes: pool.emptyInMinutes,
            }),
      action: i18n.t('notice.poolLowAction'),
    });
  }
  const signedOut = useSession().state?.signedOut;
  if (signedOut !== undefined) {
    list.push({
      id: signedOut.why === 'idle' ? 'idle' : 'signed-out',
      icon: 'user',
      tone: 'warn',
      message: i18n.t(`notice.signedOut.${signedOut.why}`, { name: signedOut.user }),
      action: i18n.t(`notice.signedOutAction.${signedOut.why}`),
    });
  }
  if (sync.state !== null && sync.state.parked > 0) {
    list.push({
      id: 'parked',
      icon: 'parked',
      tone: 'warn',
      message: i18n.t('notice.parked', { parked: sync.state.parked }),
      action: i18n.t('notice.parkedAction'),
    });
  }
  const drift = useYield().warnings.find((warning) => warning.kind === 'drift');
  if (drift !== undefined && drift.units <= DRIFT_UNITS) {
    list.push({
      id: 'drift',
      icon: 'drift',
      tone: 'warn',
      message: formatWarning(drift, i18n),
      action: i18n.t('notice.driftAction'),
    });
  }
  return list;
}

/** Without an estimate when the free space does not shrink (`hoursLeft` is null), or will last for more than an hour. */
function diskLow(hoursLeft: number | null, i18n: Translator): string {
  if (hoursLeft === null || hoursLeft > 1) return i18n.t('notice.diskLow');
  return i18n.t('notice.diskSoon', { minutes: Math.max(1, Math.round(hoursLeft * 60)) });
}
