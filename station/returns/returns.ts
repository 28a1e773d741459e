import type { UnitReport, PendingCase } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { unitNames } from '#shared/domain/scan/index.ts';
import { DEVICE_NAME, type IdentityName, normalizeChipId, PRODUCT_ID } from '#shared/domain/triple.ts';
import type { Role } from '#shared/rpc/index.ts';
import type { RegistryEvent } from '#shared/registry-api/index.ts';
import type { Approval, Approve } from '../administration/people/index.ts';
import type { AuditTrail } from '../core/audit-log/index.ts';
import type { Batches } from '../execution/batches/index.ts';
import { bindLoginIfReachable, type Bound, burnIdentity, readIdentity } from '../identity/index.ts';
import type { Platform } from '../core/platform/index.ts';
import type { DeviceSession } from '../devices/protocols/index.ts';
import type { Slots } from '../execution/slots/index.ts';
import type { UnitRow } from '../core/database/index.ts';
import { type DeviceAnswer, actionsFor, compileUnitReport, type UnitReportParts } from './unit-report.ts';
import { identifyOnSlot, takesIdentity } from './identify-on-slot.ts';
import { type ForeignIdentity, findForeignIdentity } from './foreign-identity.ts';
import { pendingCases } from './pending-cases.ts';
import { checkedReason, type Why } from './justification.ts';
import { approvedBy, writeOff, type WrittenOff, type WriteOff } from './write-off.ts';

export interface ReturnsParts extends UnitReportParts {
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly slots: Slots;
  readonly batches: Batches;
  readonly station: () => string;
  readonly approve: Approve;
  /** Told when the ledger or the outbox has changed. */
  readonly onChange: () => void;
}

export interface ReturnRequest extends Why {
  readonly slot: number;
  readonly action: 'keep' | 'reissue' | 'retire';
  readonly person: string;
  readonly role: Role;
}

/** An order that a second person has agreed to. */
type Approved = Omit<ReturnRequest, keyof Why> & Approval & { readonly reason: string };

export interface Returns {
  /** Units that stopped a slot and wait for a decision, the latest first. */
  pendingCases(): PendingCase[];
  /** Asks the unit on a slot who it is. Faults: `slot-busy`, `slot-unacknowledged`, those of port and device. */
  read(slot: number, signal: AbortSignal): Promise<UnitReport>;
  /** By serial number, MAC, DeviceName or the text of its label, without the unit. Faults: `not-found`. */
  find(text: string, signal: AbortSignal): Promise<UnitReport>;
  /**
   * Keeps, re-issues or retires the identity of the unit on a slot; read back, recorded, audited, and told to the
   * registry. Faults: `bad-input` when its verdict does not allow it or it is not said why, those of `proveApprover`,
   * `pool-empty`, those of port and device.
   */
  act(order: ReturnRequest, signal: AbortSignal): Promise<UnitReport>;
  /**
   * Retires an identity without its unit, which will not be answer any more; see `writeOff`.
   * Faults: `bad-input`, `not-found`, those of the registry for a name that is not in the ledger.
   */
  writeOff(order: WriteOffRequest, signal: AbortSignal): Promise<WrittenOff>;
}

export interface WriteOffRequest extends Why, Omit<WriteOff, keyof Approval> {}

interface UnitOnSlot {
  readonly device: DeviceSession;
  readonly unit: UnitRow;
  readonly answer: DeviceAnswer;
  readonly bound: Bound | null;
  readonly returnId: string;
}

export function createReturns(parts: ReturnsParts): Returns {
  const { database, ledger, platform } = parts;

  /** Asks the unit on a slot who it is and what identity it holds. Fault `bad-input` for a kind of device that takes none. */
  async function withUnitOnSlot<T>(
    slot: number,
    signal: AbortSignal,
    work: (desk: UnitOnSlot) => Promise<T>,
  ): Promise<T> {
    if (!takesIdentity(parts.batches)) {
      throw new Fault('bad-input', 'units of the batch in hand take no identity', {
        hint: 'Choose a batch of the product that this unit is of.',
      });
    }
    return await identifyOnSlot(parts, slot, signal, async ({ device, info, unit, returnId }) => {
      const bound = ledger.boundTo(unit.unitId);
      const reading = await readIdentity(ledger, device, bound, signal);
      return await work({
        device,
        unit,
        answer: { info, reading, readBack: device.readBack },
        bound,
        returnId,
      });
    });
  }

  async function read(slot: number, signal: AbortSignal): Promise<UnitReport> {
    if (takesIdentity(parts.batches))
      return withUnitOnSlot(slot, signal, ({ unit, answer }) =>
        compileUnitReport(parts, unit, null, answer, signal),
      );
    return identifyOnSlot(parts, slot, signal, async ({ unit }) => ({
      ...(await compileUnitReport(parts, unit, null, null, signal)),
      verdict: 'identity-free',
    }));
  }

  async function act(given: ReturnRequest, signal: AbortSignal): Promise<UnitReport> {
    const order = await approved(given, signal);
    return withUnitOnSlot(order.slot, signal, async (desk) => {
      const before = await compileUnitReport(parts, desk.unit, null, desk.answer, signal);
      if (!actionsFor(before.verdict, desk.bound !== null).includes(order.action)) {
        throw new Fault(
          'bad-input',
          `"${order.action}" is not possible for a unit that is ${before.verdict}`,
          {
            hint: `Possible: ${before.actions.join(', ') || 'nothing'}.`,
            details: { action: order.action, verdict: before.verdict },
          },
        );
      }
      try {
        await perform(order, desk, findForeignIdentity(database, desk.unit, before), signal);
      } finally {
        parts.onChange();
      }
      const reading = await readIdentity(ledger, desk.device, ledger.boundTo(desk.unit.unitId), signal);
      return compileUnitReport(parts, desk.unit, null, { ...desk.answer, reading }, signal);
    });
  }

  async function approved<T extends Why & { readonly person: string; readonly role: Role }>(
    given: T,
    signal: AbortSignal,
  ): Promise<Omit<T, keyof Why> & Approval & { readonly reason: string }> {
    const { reason, approver, approverPin, attemptSource, alsoNot, ...order } = given;
    const claim = { approver, approverPin, attemptSource, alsoNot };
    const by = { user: given.person, role: given.role };
    return { ...order, reason: checkedReason(reason), ...(await parts.approve(claim, by, signal)) };
  }

  async function perform(
    order: Approved,
    desk: UnitOnSlot,
    foreign: ForeignIdentity | null,
    signal: AbortSignal,
  ): Promise<void> {
    const { device, unit, bound, returnId, answer } = desk;
    const note = `${order.action}: ${order.reason} (${approvedBy(order)})`;
    // Whatever the device refuses is known before anything is retired.
    await device.prepareWrite(signal);
    let target: Bound | null = bound;
    if (order.action === 'keep') {
      database.transaction(() => {
        audit(order, desk, []);
        retireForeign(order, desk, foreign, note);
      });
    } else {
      const productId = order.action === 'reissue' ? productOf(desk) : null;
      target = ledger.replace(unit.unitId, productId, returnId, note, (retired) => {
        audit(order, desk, retired);
        for (const name of retired) enqueueRetired(order, desk, name);
        retireForeign(order, desk, foreign, note);
      });
    }
    if (order.action === 'retire' || target === null) {
      await device.eraseIdentity(signal);
      database.transaction(() => enqueueReturned(order, desk, null, 'none'));
      return;
    }
    const burn = {
      clock: platform.clock,
      ledger,
      device,
      unitId: unit.unitId,
      chipId: unit.chipId,
      bound: target,
      runId: returnId,
    };
    await burnIdentity({ ...burn, before: answer.reading, because: note });
    let online = await proveOnline(desk, target, signal);
    // Eight bits that are right may be chance: with the cloud in reach it is the secret that is not. Once more.
    if (online === 'none' && device.readBack !== 'full' && (await cloudThere(signal))) {
      await device.prepareWrite(signal);
      await burnIdentity({ ...burn, before: answer.reading, because: `${note}, and it could not log in` });
      online = await proveOnline(desk, target, signal);
    }
    database.transaction(() => enqueueReturned(order, desk, target, online));
  }

  function retireForeign(
    order: Approved,
    desk: UnitOnSlot,
    foreign: ForeignIdentity | null,
    note: string,
  ): void {
    if (foreign === null) return;
    const because = { at: platform.clock.nowMs(), runId: desk.returnId, note };
    if (foreign.own !== null) database.triples.applyEvent(foreign.own, 'retire', because);
    if (foreign.tell) enqueueRetired(order, desk, foreign.name);
  }

  async function cloudThere(signal: AbortSignal): Promise<boolean> {
    try {
      return (await parts.registry()?.health(signal)) !== undefined;
    } catch (error) {
      // A page that went away says nothing of the cloud.
      throwIfAborted(signal);
      if (error instanceof Fault) return false;
      throw error;
    }
  }

  /**
   * A login proves the whole secret; without a cloud in reach the record says that it was not proven. Faults:
   * `identity-conflict` when another unit logged in with it first.
   */
  async function proveOnline(
    { device, unit, returnId }: UnitOnSlot,
    bound: Bound,
    signal: AbortSignal,
  ): Promise<'device' | 'none'> {
    try {
      await device.goOnline(signal);
      const registry = parts.registry();
      const seen = { ledger, bound, chipId: unit.chipId, runId: returnId };
      try {
        if (registry !== null) await bindLoginIfReachable({ ...seen, registry }, signal);
      } finally {
        await device.goOffline(signal);
      }
      return 'device';
    } catch (error) {
      if (error instanceof Fault && error.code === 'not-online') return 'none';
      throw error;
    }
  }

  function productOf({ bound, unit, answer }: UnitOnSlot): string {
    const { active, batches } = parts.batches.state();
    const last = database.triples.listOfUnit(unit.unitId).at(-1)?.productId;
    const held = answer.reading.kind === 'holds' ? answer.reading.name.productId : undefined;
    const stocked = database.triples
      .countByState()
      .filter(({ states }) => states.available > 0)
      .map((p) => p.productId);
    const wanted = [bound?.productId, last, active?.productId, batches[0]?.productId, held];
    const product = wanted.find((id) => id !== undefined);
    if (product !== undefined) return product;
    const [only, another] = stocked;
    if (only !== undefined && another === undefined) return only;
    throw new Fault('bad-input', 'nothing says of which product the new identity should be', {
      hint: 'Pick a batch of the product first.',
    });
  }

  function audit(
    order: Approved,
    { unit, answer, returnId }: UnitOnSlot,
    retired: readonly IdentityName[],
  ): void {
    parts.audit.append({
      actor: order.person,
      role: order.role,
      action: `returns.${order.action}`,
      subject: unit.chipId,
      details: {
        action: order.action,
        reason: order.reason,
        approver: order.approver,
        approverProven: order.approverProven,
        return: returnId,
        held: answer.reading.kind === 'holds' ? answer.reading.name.deviceName : null,
        retired: retired.map((name) => name.deviceName).join(' ') || null,
      },
    });
  }

  function enqueueRetired(order: Approved, { unit, returnId }: UnitOnSlot, name: IdentityName): void {
    const payload: Extract<RegistryEvent, { kind: 'identity.retired' }>['payload'] = {
      productId: name.productId,
      deviceName: name.deviceName,
      chipId: unit.chipId,
      reason: order.reason,
      approver: order.approver,
      approverProven: order.approverProven,
    };
    enqueue(unit, `retired:${returnId}:${name.productId}/${name.deviceName}`, 'identity.retired', payload);
  }

  function enqueueReturned(
    order: Approved,
    { unit, device, returnId }: UnitOnSlot,
    now: Bound | null,
    online: 'device' | 'none',
  ): void {
    const payload: Extract<RegistryEvent, { kind: 'unit.returned' }>['payload'] = {
      returnId,
      station: parts.station(),
      chipId: unit.chipId,
      serialNumber: unit.serialNumber,
      action: order.action,
      reason: order.reason,
      approver: order.approver,
      approverProven: order.approverProven,
      person: order.person,
      identity:
        now === null
          ? null
          : {
              productId: now.productId,
              deviceName: now.deviceName,
              state: 'burned',
              proof: { readBack: device.readBack, online },
            },
    };
    enqueue(unit, `return:${returnId}`, 'unit.returned', payload);
  }

  function enqueue(unit: UnitRow, key: string, kind: string, payload: object): void {
    database.outbox.add({
      key,
      orderKey: unit.chipId,
      kind,
      payload: JSON.stringify(payload),
      createdAt: platform.clock.nowMs(),
    });
  }

  return {
    pendingCases: () => pendingCases(database),
    act,
    async writeOff(order, signal) {
      const done = await writeOff(parts, await approved(order, signal), signal);
      parts.onChange();
      return done;
    },
    read,
    async find(text, signal) {
      const names = unitNames(text);
      for (const name of names) {
        const unit = unitNamed(name);
        if (unit === null && database.runs.listOfSerialNumber(name).length === 0) continue;
        return compileUnitReport(parts, unit, unit?.serialNumber ?? name, null, signal);
      }
      const named = identityNamed(text);
      if (named !== null) {
        const unit = named.unitId === null ? null : database.units.findById(named.unitId);
        const report = await compileUnitReport(parts, unit, unit?.serialNumber ?? null, null, signal, named);
        if (unit !== null || report.registry !== null) return report;
      }
      throw new Fault('not-found', `nothing is known of "${names[0] ?? ''}" at this station`, {
        hint: 'Scan the serial number or the label, or type the MAC or the DeviceName; or read the unit on a slot.',
      });
    },
  };

  /** `GWDEMO0001/gw000101`, or the DeviceName of an identity that this station has. */
  function identityNamed(text: string): (IdentityName & { readonly unitId: number | null }) | null {
    const [productId = '', deviceName = '', ...more] = text.trim().split('/');
    if (deviceName === '') return database.triples.listByDeviceName(productId)[0] ?? null;
    if (more.length > 0 || !PRODUCT_ID.test(productId) || !DEVICE_NAME.test(deviceName)) return null;
    return database.triples.findByName(productId, deviceName) ?? { productId, deviceName, unitId: null };
  }

  function unitNamed(name: string): UnitRow | null {
    const chipId = normalizeChipId(name);
    const [triple] = database.triples.listByDeviceName(name);
    return (
      database.units.findBySerialNumber(name) ??
      (chipId === null ? null : database.units.findByChip(chipId)) ??
      database.units.findByReportedId(name) ??
      (triple?.unitId == null ? null : database.units.findById(triple.unitId)) ??
      unitOfRuns(name)
    );
  }

  /** A unit that never passed has no serial number of its own yet, but its runs were started with one. */
  function unitOfRuns(serialNumber: string): UnitRow | null {
    const unitId = database.runs
      .listOfSerialNumber(serialNumber)
      .findLast((run) => run.unitId !== null)?.unitId;
    return unitId == null ? null : database.units.findById(unitId);
  }
}
