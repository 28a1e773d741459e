import { ledgerNote, type LedgerNoteValues } from '#shared/domain/ledger-note.ts';
import type { PendingCase, UnitReport } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { mayMissWrongSecret, withUnproven } from '#shared/domain/read-back.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { Actor } from '#shared/rpc/index.ts';
import { type Approve, type Justification, requireReasonOfPage } from '../core/approval/index.ts';
import type { BaudRates } from '../execution/baud-rates/index.ts';
import type { Batches } from '../execution/batches/index.ts';
import { bindLoginIfReachable, type BoundTriple, burnIdentity, readIdentity } from '../identity/index.ts';
import type { DeviceSession } from '../devices/protocols/index.ts';
import type { Slots } from '../execution/slots/index.ts';
import type { UnitRow, WritableDatabase } from '../core/database/index.ts';
import { findUnitReport } from './find-unit-report.ts';
import { findForeignIdentity, type ForeignIdentity } from './foreign-identity.ts';
import { checkBeforeFlash } from './check-before-flash.ts';
import { type CheckBefore, createFlashing } from './flash-returned.ts';
import type {
  Approved,
  FlashReturnRequest,
  ReturnRequest,
  UnbindRequest,
  UnitPlace,
  WriteOffRequest,
} from './return-request.ts';
import type { ParsedRecipe } from '../execution/recipes/index.ts';
import { canHoldIdentity, type IdentifiedUnit, identifyOnSlot, type ReadWays } from './identify-on-slot.ts';
import { knownPlaces, mayBeOtherKind } from './scan-unit.ts';
import { cannotErase, requireAllowed } from './require-allowed.ts';
import { pendingCases } from './pending-cases.ts';
import { productOfNew } from './product-of-new.ts';
import { enqueueRetired, enqueueReturned } from './return-events.ts';
import { compileUnitReport, type DeviceAnswer, type UnitReportOptions } from './unit-report.ts';
import {
  type NearUnit,
  provisionNearby,
  type ProvisionNearbyOptions,
  type ProvisionsNearby,
  takeNear,
} from './nearby/index.ts';
import { type ReleasedOwner, releaseOwner } from './release-owner.ts';
import { approverText, writeOff, type WrittenOff } from './write-off.ts';

export interface ReturnsOptions extends UnitReportOptions, ProvisionNearbyOptions {
  readonly database: WritableDatabase;
  readonly slots: Slots;
  readonly baudRates: BaudRates;
  readonly batches: Batches;
  readonly approve: Approve;
  /** Called when the ledger or the outbox has changed. */
  readonly onChange: () => void;
}

type ApprovedReturn = Approved<ReturnRequest> & { readonly by: Actor };

/** Returned units: identifies them, reads their history, and keeps, reissues or retires their identity. */
export interface Returns extends ProvisionsNearby {
  /** Units that stopped a slot with a conflict and need a decision, newest first. */
  pendingCases(): PendingCase[];
  /**
   * Reads the unit on a slot as the recipe of the selected batch says, or a unit near as the recipe that identifies it over Bluetooth. A unit that does not answer so may be of another kind:
   * its flash is read, if it is that of an ESP32. `flash`: its flash is read at once. A recipe: as it says, and in no other way. Faults: those of `identifyOnSlot`, of
   * `DeviceSession` and of `RegistryClient`.
   */
  read(place: UnitPlace, signal: AbortSignal, by?: 'recipe' | 'flash' | ParsedRecipe): Promise<UnitReport>;
  /**
   * Finds a unit without reading it, by serial number, MAC, DeviceName or the text of its label.
   * Faults: `not-found`, those of `RegistryClient`.
   */
  find(text: string, signal: AbortSignal): Promise<UnitReport>;
  /**
   * Keeps, reissues or retires the identity of the unit on a slot or near. It is read back, recorded, audited and reported to the
   * registry.
   * Faults: `bad-input` when the verdict does not allow the action or the reason is missing, those of `proveApprover`,
   * `pool-empty`, `identity-conflict`, those of `takeNear`, of `read` and of `burnIdentity`. With a firmware the verdict is checked before the
   * flash is written, too, where the unit answers.
   */
  act(request: ReturnRequest, by: Actor, signal: AbortSignal): Promise<UnitReport>;
  /**
   * Writes a firmware package into the flash of the unit on a slot, and records it in the audit trail; the identity stays as
   * it is. Faults: `bad-input` for a missing reason, those of `proveApprover`, of `createFlashing` and of `read`.
   */
  flash(request: FlashReturnRequest, by: Actor, signal: AbortSignal): Promise<UnitReport>;
  /** Retires an identity without its unit, see `writeOff`. Faults: those of `writeOff` and of `proveApprover`. */
  writeOff(request: WriteOffRequest, by: Actor, signal: AbortSignal): Promise<WrittenOff>;
  /** Releases a unit from its owner, see `releaseOwner`. Faults: those of `releaseOwner` and of `proveApprover`. */
  unbind(request: UnbindRequest, by: Actor, signal: AbortSignal): Promise<ReleasedOwner>;
}

/** A unit on a slot, with its identity as device and ledger have it. */
interface UnitOnSlot {
  readonly device: DeviceSession;
  readonly unit: UnitRow;
  readonly answer: DeviceAnswer;
  readonly bound: BoundTriple | null;
  readonly returnId: string;
}

export function createReturns(options: ReturnsOptions): Returns {
  const { database, ledger, platform } = options;

  /** Faults: `bad-input` when units of the selected batch have no identity; those of `Returns.read`. */
  async function withUnitOnSlot<T>(
    slot: number | NearUnit,
    signal: AbortSignal,
    work: (onSlot: UnitOnSlot) => Promise<T>,
    ways: ReadWays = {},
  ): Promise<T> {
    if (!canHoldIdentity(options.batches, ways.recipe)) {
      throw new Fault('bad-input', 'units of the selected batch take no identity', {
        hint: 'Choose a batch of the product that this unit is of.',
      });
    }
    const onIdentified = async (identified: IdentifiedUnit): Promise<T> =>
      work(await readOnSlot(identified, signal));
    return await identifyOnSlot(options, slot, signal, onIdentified, ways);
  }

  async function readOnSlot(
    { device, info, unit, returnId }: IdentifiedUnit,
    signal: AbortSignal,
  ): Promise<UnitOnSlot> {
    const bound = ledger.boundTo(unit.unitId);
    const reading = await readIdentity(ledger, device, bound, signal);
    return { device, unit, answer: { info, reading, readBack: device.readBack }, bound, returnId };
  }

  async function read(
    place: UnitPlace,
    signal: AbortSignal,
    by: 'recipe' | 'flash' | ParsedRecipe = 'recipe',
  ): Promise<UnitReport> {
    if (typeof place !== 'number') {
      using near = await takeNear(options, place.address, signal);
      return await readByRecipe(near, signal, { recipe: near.recipe });
    }
    const slot = place;
    if (by === 'flash') return readByFlash(slot, signal);
    if (by !== 'recipe') return readByRecipe(slot, signal, { recipe: by });
    try {
      return await readByRecipe(slot, signal);
    } catch (error) {
      if (!mayBeOtherKind(error)) throw error;
      const report = await readByFlash(slot, signal).catch(() => null);
      throwIfAborted(signal);
      if (report === null) throw error;
      return report;
    }
  }

  function readByFlash(slot: number, signal: AbortSignal): Promise<UnitReport> {
    const work = async (identified: IdentifiedUnit): Promise<UnitReport> => {
      const { unit, answer } = await readOnSlot(identified, signal);
      return compileUnitReport(options, unit, answer, {}, signal);
    };
    return identifyOnSlot(options, slot, signal, work, { scan: knownPlaces(options.batches) });
  }

  async function readByRecipe(
    slot: number | NearUnit,
    signal: AbortSignal,
    ways: ReadWays = {},
  ): Promise<UnitReport> {
    if (canHoldIdentity(options.batches, ways.recipe))
      return withUnitOnSlot(
        slot,
        signal,
        ({ unit, answer }) => compileUnitReport(options, unit, answer, {}, signal),
        ways,
      );
    const onIdentified = async ({ unit }: IdentifiedUnit): Promise<UnitReport> => ({
      ...(await compileUnitReport(options, unit, null, {}, signal)),
      verdict: 'identity-free',
    });
    return identifyOnSlot(options, slot, signal, onIdentified, ways);
  }

  const flashing = createFlashing(options);

  async function approve<T extends Justification>(
    request: T,
    by: Actor,
    signal: AbortSignal,
  ): Promise<Approved<T>> {
    const { reason, approver, approverPin, attemptSource, alsoNot, ...rest } = request;
    const checkedReason = requireReasonOfPage(reason);
    const approval = await options.approve({ approver, approverPin, attemptSource, alsoNot }, by, signal);
    return { ...rest, reason: checkedReason, ...approval };
  }

  async function act(request: ReturnRequest, by: Actor, signal: AbortSignal): Promise<UnitReport> {
    const given = await approve(request, by, signal);
    const { slot, firmwareId } = given;
    using held = new DisposableStack();
    const place = typeof slot === 'number' ? slot : held.use(await takeNear(options, slot.address, signal));
    const recipe = typeof place === 'number' ? given.recipe : place.recipe;
    const approved: ApprovedReturn = { ...given, by, recipe };
    const check: CheckBefore = (device, until) => checkBeforeFlash(options, approved.action, device, until);
    const onSlotRead = async (onSlot: UnitOnSlot): Promise<UnitReport> => {
      const { device, unit, answer, bound } = onSlot;
      const before = await compileUnitReport(options, unit, answer, {}, signal);
      requireAllowed(approved.action, before, bound);
      try {
        await perform(approved, onSlot, findForeignIdentity(database, unit, before), signal);
      } finally {
        options.onChange();
      }
      const reading = await readIdentity(ledger, device, ledger.boundTo(unit.unitId), signal);
      return compileUnitReport(options, unit, { ...answer, reading }, {}, signal);
    };
    const prepare =
      firmwareId === undefined || typeof place !== 'number'
        ? undefined
        : flashing({ ...approved, slot: place, firmwareId }, check);
    return await withUnitOnSlot(place, signal, onSlotRead, { prepare, recipe });
  }

  async function perform(
    request: ApprovedReturn,
    onSlot: UnitOnSlot,
    foreign: ForeignIdentity | null,
    signal: AbortSignal,
  ): Promise<void> {
    const { device, unit, bound, returnId } = onSlot;
    const decided = { reason: request.reason, approver: approverText(request) };
    const note = ledgerNote(request.action, decided);
    if (request.action === 'retire' && !device.abilities.erase) throw cannotErase();
    // A device that cannot be written fails here, before an identity is retired.
    await device.prepareWrite(signal);
    let target: BoundTriple | null = bound;
    if (request.action === 'keep') {
      database.transaction(() => {
        audit(request, onSlot, []);
        retireForeign(request, onSlot, foreign, note);
      });
    } else {
      const made = request.recipe?.recipe.product;
      const productId = request.action === 'reissue' ? productOfNew(options, onSlot, made) : null;
      target = ledger.replace(unit.unitId, productId, returnId, note, (retired) => {
        audit(request, onSlot, retired);
        for (const name of retired) reportRetired(request, onSlot, name);
        retireForeign(request, onSlot, foreign, note);
      });
    }
    if (request.action === 'retire' || target === null) {
      await device.eraseIdentity(signal);
      database.transaction(() => reportReturned(request, onSlot, null, 'none'));
      return;
    }
    const online = await burnAndProve(onSlot, target, request.action, decided, signal);
    database.transaction(() => reportReturned(request, onSlot, target, online));
  }

  async function burnAndProve(
    onSlot: UnitOnSlot,
    bound: BoundTriple,
    action: 'keep' | 'reissue',
    decided: LedgerNoteValues,
    signal: AbortSignal,
  ): Promise<'device' | 'none'> {
    const { device, unit, answer, returnId } = onSlot;
    const { clock } = platform;
    const { unitId, chipId } = unit;
    const burn = { clock, ledger, device, unitId, chipId, bound, runId: returnId, before: answer.reading };
    await burnIdentity({ ...burn, note: ledgerNote(action, decided) });
    const online = await proveOnline(onSlot, bound, signal);
    // A read-back of 8 bits can match by chance. When the cloud is reachable and the login fails, the secret is wrong.
    const mayBeWrong = online === 'none' && device.abilities.login && mayMissWrongSecret(device.readBack);
    if (!mayBeWrong || !(await isRegistryReachable(signal))) return online;
    await device.prepareWrite(signal);
    await burnIdentity({ ...burn, note: ledgerNote(`${action}Again`, decided) });
    return proveOnline(onSlot, bound, signal);
  }

  function retireForeign(
    request: ApprovedReturn,
    onSlot: UnitOnSlot,
    foreign: ForeignIdentity | null,
    note: string,
  ): void {
    if (foreign === null) return;
    const entry = { at: platform.clock.nowMs(), runId: onSlot.returnId, note };
    if (foreign.own !== null) database.triples.applyEvent(foreign.own, 'retire', entry);
    if (foreign.mustReport) reportRetired(request, onSlot, foreign.name);
  }

  async function isRegistryReachable(signal: AbortSignal): Promise<boolean> {
    try {
      return (await options.registry()?.health(signal)) !== undefined;
    } catch (error) {
      // An abort by the caller does not mean that the registry is unreachable.
      throwIfAborted(signal);
      if (error instanceof Fault) return false;
      throw error;
    }
  }

  /**
   * A login proves the complete secret. Without a reachable cloud the record has `none`.
   * Faults: `identity-conflict` when another unit logged in with it first; those of `DeviceSession`.
   */
  async function proveOnline(
    { device, unit, returnId }: UnitOnSlot,
    bound: BoundTriple,
    signal: AbortSignal,
  ): Promise<'device' | 'none'> {
    if (!device.abilities.login) return 'none';
    try {
      await device.goOnline(signal);
      const registry = options.registry();
      const login = { ledger, bound, chipId: unit.chipId, runId: returnId };
      try {
        if (registry !== null) await bindLoginIfReachable({ ...login, registry }, signal);
      } finally {
        await device.goOffline(signal);
      }
      return 'device';
    } catch (error) {
      if (error instanceof Fault && error.code === 'not-online') return 'none';
      throw error;
    }
  }

  function audit(
    { action, reason, approver, approverProven, by }: ApprovedReturn,
    { unit, answer, returnId }: UnitOnSlot,
    retired: readonly IdentityName[],
  ): void {
    options.audit.record(by, `returns.${action}`, unit.chipId, {
      action,
      reason,
      approver,
      approverProven,
      return: returnId,
      held: answer.reading.kind === 'holds' ? answer.reading.name.deviceName : null,
      retired: retired.map((name) => name.deviceName).join(' ') || null,
    });
  }

  function reportRetired(
    request: ApprovedReturn,
    { unit: { chipId }, returnId }: UnitOnSlot,
    name: IdentityName,
  ): void {
    const event = { id: returnId, chipId, orderKey: chipId, atMs: platform.clock.nowMs() };
    enqueueRetired(database, name, event, request);
  }

  function reportReturned(
    { action, reason, approver, approverProven, by }: ApprovedReturn,
    { unit, device, returnId }: UnitOnSlot,
    bound: BoundTriple | null,
    online: 'device' | 'none',
  ): void {
    const payload = {
      returnId,
      station: options.station(),
      chipId: unit.chipId,
      serialNumber: unit.serialNumber,
      action,
      reason,
      approver,
      approverProven,
      person: by.user,
      identity:
        bound === null
          ? null
          : {
              productId: bound.productId,
              deviceName: bound.deviceName,
              state: 'burned' as const,
              proof: withUnproven({ readBack: device.readBack, online }),
            },
    };
    enqueueReturned(database, payload, platform.clock.nowMs());
  }

  return {
    provisionNearby: (request, by, signal) => provisionNearby(options, request, by, signal),
    pendingCases: () => pendingCases(database),
    read,
    async flash(request, by, signal) {
      const approved = { ...(await approve(request, by, signal)), by };
      const check: CheckBefore = (device, until) => checkBeforeFlash(options, null, device, until);
      const ways = { prepare: flashing(approved, check), recipe: approved.recipe };
      return readByRecipe(approved.slot, signal, ways);
    },
    find: (text, signal) => findUnitReport(options, text, signal),
    act,
    unbind: async (request, by, signal) =>
      releaseOwner(options, await approve(request, by, signal), by, signal),
    async writeOff(request, by, signal) {
      const written = await writeOff(options, await approve(request, by, signal), by, signal);
      options.onChange();
      return written;
    },
  };
}
