import type { Speaker } from '../../services/i18n/index.ts';
import type { IconName } from '../../parts/index.ts';
import { useBatch, useHealth, useLink, useMismatch, usePool, useSync, useYield } from '../../stores/index.ts';
import { warningInWords } from '../../services/i18n/warning-words.ts';

export interface Notice {
  readonly id:
    | 'outdated'
    | 'link'
    | 'disk-full'
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

/** A drift that reaches its limit later than this is the engineer's, who sees it on the batch's page. */
const DRIFT_UNITS = 100;

/** What the operator should know besides the slots, most pressing first. Reads the stores: call it inside `computed`. */
export function notices(say: Speaker): Notice[] {
  const link = useLink();
  const batch = useBatch();
  const pool = usePool();
  const sync = useSync();
  const list: Notice[] = [];

  if (useMismatch().topic !== null) {
    list.push({
      id: 'outdated',
      icon: 'warn',
      tone: 'bad',
      what: say.t('link.outdated'),
      todo: say.t('link.outdatedTodo'),
    });
  } else if (link.state === 'reconnecting') {
    list.push({ id: 'link', icon: 'running', tone: 'quiet', what: say.t('link.reconnecting'), todo: null });
  } else if (link.state === 'lost') {
    list.push({
      id: 'link',
      icon: 'warn',
      tone: 'bad',
      what: say.t('link.lost'),
      todo: say.t('link.lostTodo'),
    });
  }
  const disk = useHealth().state?.disk;
  if (disk?.full === true || disk?.low === true) {
    list.push({
      id: disk.full ? 'disk-full' : 'disk-low',
      icon: 'warn',
      tone: disk.full ? 'bad' : 'warn',
      what: disk.full ? say.t('notice.diskFull') : diskLow(disk.hoursLeft, say),
      todo: disk.full ? say.t('notice.diskFullTodo') : say.t('notice.diskLowTodo'),
    });
  }
  if (pool.level === 'empty') {
    list.push({
      id: 'pool-empty',
      icon: 'warn',
      tone: 'bad',
      what: say.t('notice.poolEmpty'),
      todo: say.t('notice.poolEmptyTodo'),
    });
  }
  if (batch.active !== null && batch.complete) {
    const { name, quantity } = batch.active;
    list.push({
      id: 'batch-complete',
      icon: 'flag',
      tone: 'good',
      what: say.t('notice.batchComplete', { name, quantity }),
      todo: say.t('notice.batchCompleteTodo'),
    });
  }
  if (pool.level === 'low' && pool.available !== null && batch.remaining !== null) {
    list.push({
      id: 'pool-low',
      icon: 'warn',
      tone: 'warn',
      what:
        pool.emptyInMinutes === null
          ? say.t('notice.poolLow', { count: pool.available, remaining: batch.remaining })
          : say.t(pool.lasting < pool.available ? 'notice.poolSoonFree' : 'notice.poolSoon', {
              count: pool.lasting,
              minutes: pool.emptyInMinutes,
            }),
      todo: say.t('notice.poolLowTodo'),
    });
  }
  if (sync.state !== null && sync.state.parked > 0) {
    list.push({
      id: 'parked',
      icon: 'parked',
      tone: 'warn',
      what: say.t('notice.parked', { parked: sync.state.parked }),
      todo: say.t('notice.parkedTodo'),
    });
  }
  const drift = useYield().warnings.find((warning) => warning.kind === 'drift');
  if (drift?.kind === 'drift' && drift.units <= DRIFT_UNITS) {
    list.push({
      id: 'drift',
      icon: 'drift',
      tone: 'warn',
      what: warningInWords(drift, say),
      todo: say.t('notice.driftTodo'),
    });
  }
  return list;
}

/** Also when there is little room and nobody is using it up. */
function diskLow(hoursLeft: number | null, say: Speaker): string {
  if (hoursLeft === null || hoursLeft > 1) return say.t('notice.diskLow');
  return say.t('notice.diskSoon', { minutes: Math.max(1, Math.round(hoursLeft * 60)) });
}
