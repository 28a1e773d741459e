import { approvedHere } from './people.ts';
import type { UnitReport, StationContract } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Handlers } from '#shared/rpc/index.ts';
import type { Line } from '../line.ts';
import { found, unitOn } from './units.ts';
import { waitingAt } from './waiting.ts';

/** A bench where every slot holds another kind of returned unit, and a unit does what it was told. */
export function returnHandlers(line: () => Line, unitMs: number): Partial<Handlers<StationContract>> {
  const changed = new Map<number, UnitReport>();
  const reachable = (): boolean => line().sync.connection === 'online';
  const wait = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, unitMs);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      });
    });
  const unit = (slot: number): UnitReport => {
    const report = changed.get(slot) ?? unitOn(slot, Date.now());
    return reachable() ? report : { ...report, registry: null, registryReachable: false };
  };
  return {
    'returns.pendingCases': () => ({ units: waitingAt(Date.now()).filter(({ slot }) => !changed.has(slot)) }),
    'returns.read': async ({ slot }, { signal }) => {
      await wait(signal);
      if (slot === 9) {
        throw new Fault('device-silent', 'no reply to AT within 3000 ms', {
          hint: 'Check power and contact.',
        });
      }
      return unit(slot);
    },
    'returns.find': ({ text }) => {
      const report = found(text, Date.now());
      if (report !== null)
        return reachable() ? report : { ...report, registry: null, registryReachable: false };
      throw new Fault('not-found', `this station has no record of "${text}"`, {
        hint: 'Scan the serial number, or type the MAC or the DeviceName; or read the unit on a slot.',
      });
    },
    'returns.act': async ({ slot, action, reason, approver, approverPin }, { signal, by }) => {
      await wait(signal);
      approvedHere(approver, approverPin, by.user);
      const before = unit(slot);
      if (!before.actions.includes(action)) throw new Fault('bad-input', `"${action}" is not possible`);
      const after = acted(before, action, {
        note: `${action} · ${reason} · approved by ${approver}`,
        actor: by.user,
      });
      changed.set(slot, after);
      return after;
    },
  };
}

function acted(
  before: UnitReport,
  action: UnitReport['actions'][number],
  { note, actor }: { note: string; actor: string },
): UnitReport {
  const atMs = Date.now();
  const entry = { atMs, deviceName: null, runId: null, outcome: null, note, actor };
  const returned = { ...entry, source: 'audit' as const, kind: 'returned' as const };
  const old = before.bound;
  const retired = {
    ...entry,
    source: 'ledger' as const,
    kind: 'identity-retire' as const,
    deviceName: old?.deviceName ?? null,
    actor: null,
  };
  if (action === 'retire') {
    return {
      ...before,
      reading: { holds: null, secretMatches: null, readBack: 'bcc8' },
      bound: null,
      registry: before.registry && { ...before.registry, state: 'retired' },
      verdict: 'unknown',
      actions: ['reissue'],
      timeline: [...before.timeline, returned, retired],
    };
  }
  const productId = old?.productId ?? 'HK2QX1JY7C';
  const deviceName = action === 'reissue' ? 'dev_4187' : (old?.deviceName ?? 'dev_4187');
  return {
    ...before,
    reading: { holds: { productId, deviceName }, secretMatches: true, readBack: 'bcc8' },
    bound: { productId, deviceName, state: 'burned' },
    registry: {
      state: action === 'keep' ? 'bound' : 'leased',
      connection: 'offline',
      chipId: before.chipId,
      lastSeenMs: atMs,
    },
    verdict: 'known',
    actions: ['keep', 'reissue', 'retire'],
    timeline: [
      ...before.timeline,
      returned,
      ...(action === 'reissue' && old !== null ? [retired] : []),
      { ...entry, source: 'ledger', kind: 'identity-confirm', deviceName, actor: null },
    ],
  };
}
