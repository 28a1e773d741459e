import type { Translator } from '#services/i18n/index.ts';
import type { IconName } from '#parts/index.ts';
import {
  useBatch,
  useHealth,
  useConnection,
  useVersionMismatch,
  usePool,
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
    | 'parked'
    | 'drift';
  readonly icon: IconName;
  readonly tone: 'quiet' | 'warn' | 'bad' | 'good';
  readonly what: string;
  readonly todo: string | null;
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
      what: i18n.t('connection.outdated'),
      todo: i18n.t('connection.outdatedTodo'),
    });
  } else if (connection.state === 'reconnecting') {
    list.push({
      id: 'connection',
      icon: 'running',
      tone: 'quiet',
      what: i18n.t('connection.reconnecting'),
      todo: null,
    });
  } else if (connection.state === 'lost') {
    list.push({
      id: 'connection',
      icon: 'warn',
      tone: 'bad',
      what: i18n.t('connection.lost'),
      todo: i18n.t('connection.lostTodo'),
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
      what: disk.full ? i18n.t('notice.diskFull') : diskLow(disk.hoursLeft, i18n),
      todo: disk.full ? i18n.t('notice.diskFullTodo') : i18n.t('notice.diskLowTodo'),
    });
  }
  if (pool.level === 'empty') {
    list.push({
      id: 'pool-empty',
      icon: 'warn',
      tone: 'bad',
      what: i18n.t('notice.poolEmpty'),
      todo: i18n.t('notice.poolEmptyTodo'),
    });
  }
  if (batch.active !== null && batch.complete) {
    const { name, quantity } = batch.active;
    list.push({
      id: 'batch-complete',
      icon: 'flag',
      tone: 'good',
      what: i18n.t('notice.batchComplete', { name, quantity }),
      todo: i18n.t('notice.batchCompleteTodo'),
    });
  }
  if (pool.level === 'low' && pool.available !== null && batch.remaining !== null) {
    list.push({
      id: 'pool-low',
      icon: 'warn',
      tone: 'warn',
      what:
        pool.emptyInMinutes === null
          ? i18n.t('notice.poolLow', { count: pool.available, remaining: batch.remaining })
          : i18n.t(pool.lasting < pool.available ? 'notice.poolSoonFree' : 'notice.poolSoon', {
              count: pool.lasting,
              minutes: pool.emptyInMinutes,
            }),
      todo: i18n.t('notice.poolLowTodo'),
    });
  }
  if (sync.state !== null && sync.state.parked > 0) {
    list.push({
      id: 'parked',
      icon: 'parked',
      tone: 'warn',
      what: i18n.t('notice.parked', { parked: sync.state.parked }),
      todo: i18n.t('notice.parkedTodo'),
    });
  }
  const drift = useYield().warnings.find((warning) => warning.kind === 'drift');
  if (drift !== undefined && drift.units <= DRIFT_UNITS) {
    list.push({
      id: 'drift',
      icon: 'drift',
      tone: 'warn',
      what: formatWarning(drift, i18n),
      todo: i18n.t('notice.driftTodo'),
    });
  }
  return list;
}

/** Without an estimate when the free space does not shrink (`hoursLeft` is null), or will last for more than an hour. */
function diskLow(hoursLeft: number | null, i18n: Translator): string {
  if (hoursLeft === null || hoursLeft > 1) return i18n.t('notice.diskLow');
  return i18n.t('notice.diskSoon', { minutes: Math.max(1, Math.round(hoursLeft * 60)) });
}
