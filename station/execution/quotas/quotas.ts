import type { QuotaView } from '#shared/contract/index.ts';
import {
  type BluetoothQuota,
  bluetoothQuota,
  bluetoothQuotas,
  MAX_QUOTAS,
  quotaDay,
  quotaLeft,
} from '#shared/domain/bluetooth-quota.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { Clock } from '../../core/platform/index.ts';

/** Key of the list in the table `meta`; persisted. */
const QUOTAS = 'bluetooth-quotas';

/** The quotas of Bluetooth units of products. A product without one has no limit. */
export class BluetoothQuotas {
  readonly #database: WritableDatabase;
  readonly #audit: AuditTrail;
  readonly #clock: Pick<Clock, 'nowMs'>;

  constructor(database: WritableDatabase, audit: AuditTrail, clock: Pick<Clock, 'nowMs'>) {
    this.#database = database;
    this.#audit = audit;
    this.#clock = clock;
  }

  /** By product. */
  all(): readonly QuotaView[] {
    return this.#stored().map((quota) => this.#view(quota));
  }

  /** `null` for a product without a limit. */
  of(productId: string): QuotaView | null {
    const quota = this.#stored().find((one) => one.productId === productId);
    return quota === undefined ? null : this.#view(quota);
  }

  /** Faults: `bad-input`. */
  set(given: BluetoothQuota, by: Actor): void {
    const parsed = bluetoothQuota.safeParse(given);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const field = String(issue?.path[0] ?? 'quota');
      throw new Fault(
        'bad-input',
        `the quota of ${given.productId}: ${field} ${issue?.message ?? 'is wrong'}`,
        {
          hint: 'The free version takes 10 Bluetooth units, the extension 100 for one year, a licence its own number.',
          details: { field },
        },
      );
    }
    const quota = parsed.data;
    this.#database.transaction(() => {
      const before = this.#stored();
      const own = before.find(({ productId }) => productId === quota.productId);
      if (JSON.stringify(own) === JSON.stringify(quota)) return;
      if (own === undefined && before.length >= MAX_QUOTAS)
        throw new Fault('bad-input', `a station has at most ${MAX_QUOTAS} quotas`, {
          hint: 'Remove one of a product that is not made any more.',
        });
      const { productId, ...rest } = quota;
      this.#audit.record(by, 'settings.quota', productId, { ...rest });
      this.#store([...before.filter((other) => other !== own), quota]);
    });
  }

  /** Faults: `not-found`. */
  remove(productId: string, by: Actor): void {
    this.#database.transaction(() => {
      const before = this.#stored();
      const rest = before.filter((quota) => quota.productId !== productId);
      if (rest.length === before.length)
        throw new Fault('not-found', `there is no quota of ${productId}`, {
          hint: 'List them with "station quota list".',
        });
      this.#audit.record(by, 'settings.quota-remove', productId, {});
      this.#store(rest);
    });
  }

  /** Faults: `quota-exceeded` when the product has fewer places left than units are planned. */
  require(productId: string, planned: number): void {
    const quota = this.of(productId);
    if (quota === null) return;
    const { limit, used, left, untilMs } = quota;
    const isOver = quota.warning === 'expired';
    if (!isOver && planned <= left) return;
    const what = isOver
      ? `the quota of Bluetooth units of ${productId} ended on ${quotaDay(untilMs ?? 0)}`
      : `${productId} has places for ${left} more Bluetooth ${left === 1 ? 'unit' : 'units'} (${used} of ${limit} are used), and ${planned} are planned`;
    throw new Fault('quota-exceeded', what, {
      hint: 'Have the quota extended, or delete units that are no longer used in the back office; then change it with "station quota set".',
      details: { product: productId, planned, left: isOver ? 0 : left, limit },
    });
  }

  #view(quota: BluetoothQuota): QuotaView {
    const own = this.#database.batches.countPassedUnits(quota.productId);
    return { ...quota, ...quotaLeft(quota, own, this.#clock.nowMs()) };
  }

  #stored(): readonly BluetoothQuota[] {
    const text = this.#database.meta.get(QUOTAS);
    return text === null ? [] : bluetoothQuotas.parse(JSON.parse(text));
  }

  #store(quotas: readonly BluetoothQuota[]): void {
    const sorted = [...quotas].sort((a, b) => a.productId.localeCompare(b.productId, 'en'));
    this.#database.meta.set(QUOTAS, JSON.stringify(sorted));
  }
}
