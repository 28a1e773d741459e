import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FaultNamed } from '../../../../../../simulator/faults/index.ts';
import type { LlsyncKind } from '../../../../../../simulator/parts/llsync/index.ts';
import { LlsyncDevice, type LlsyncKeys } from '../../../../../../station/devices/protocols/index.ts';
import { readAdvertisement, updateFirmware } from '../../../../../../station/devices/protocols/index.ts';
import { faultOf } from '../../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../../support/never-aborted.ts';
import { keysOf, UnitOnLink, type UnitOptions } from './unit-on-link.ts';

type AnswerFault = FaultNamed<'llsync-answer'>;
const NONCE = 0x11223344;
const PRESS_MS = 60_000;

function open(unit: UnitOnLink, keys: LlsyncKeys = keysOf()): Promise<LlsyncDevice> {
  return LlsyncDevice.open(unit.connect(), { keys, answerMs: 5000 }, NEVER_ABORTED);
}

async function bound(unit: UnitOnLink): Promise<LlsyncDevice> {
  const device = await open(unit);
  await device.bind(NONCE, PRESS_MS, NEVER_ABORTED);
  await device.connect(NEVER_ABORTED);
  return device;
}

/** What it advertises. */
function stateOf(unit: UnitOnLink, service: LlsyncKind = 'FFE0'): string | undefined {
  const { manufacturer } = unit.unit.advertised();
  const bytes = Buffer.concat([Buffer.from('e7fe', 'hex'), manufacturer?.data ?? Buffer.alloc(0)]);
  return readAdvertisement(bytes, [service])?.state;
}

function answers(at: AnswerFault['at'], does: AnswerFault['does']): UnitOptions {
  return { faults: [{ fault: 'llsync-answer', at, does, times: 1 }] };
}

describe('a simulated unit with LLSync', () => {
  it.each([
    ['FFE0', 23],
    ['FFE8', 247],
  ] as const)('is bound, tested and unbound over %s at an MTU of %i', async (kind, mtu) => {
    using unit = new UnitOnLink(kind, { mtu });
    expect(stateOf(unit, kind)).toBe('binding');
    const device = await open(unit);
    expect(await device.bind(NONCE, PRESS_MS, NEVER_ABORTED)).toBeNull();
    await unit.pass(100);
    expect(stateOf(unit, kind)).toBe('bound');
    expect(await device.connect(NEVER_ABORTED)).toMatchObject({ text: '1.0.0', mtuBytes: 247 });
    const colour = [7, 8, 9].map((value, id) => ({ id, type: 'int' as const, value }));
    await device.control(
      [
        { id: 0, type: 'bool', value: true },
        { id: 2, type: 'string', value: '灯'.repeat(20) },
        { id: 6, type: 'struct', value: colour },
      ],
      NEVER_ABORTED,
    );
    expect(await device.report(6, () => true, 5000, NEVER_ABORTED)).toEqual({
      id: 6,
      type: 'struct',
      value: colour,
    });
    expect(await device.event(0, 5000, NEVER_ABORTED)).toEqual([
      { id: 0, type: 'bool', value: true },
      { id: 1, type: 'float', value: 21.5 },
    ]);
    expect(await device.act(0, [{ id: 0, type: 'int', value: 3 }], 5000, NEVER_ABORTED)).toEqual([
      { id: 0, type: 'int', value: 0 },
      { id: 1, type: 'int', value: 3 },
    ]);
    await device.unbind(NEVER_ABORTED);
    await unit.pass(100);
    expect(stateOf(unit, kind)).toBe('binding');
    // As SDK 1.4.1: a connection after it gets no answer.
    expect(await faultOf(() => device.connect(NEVER_ABORTED))).toMatchObject({ code: 'device-silent' });
  });

  it('refuses values that are not in its template, and actions that it does not have', async () => {
    using unit = new UnitOnLink('FFE0');
    const device = await bound(unit);
    for (const wrong of [
      { id: 1, type: 'int', value: 101 },
      { id: 9, type: 'bool', value: true },
    ] as const)
      expect(await faultOf(() => device.control([wrong], NEVER_ABORTED))).toMatchObject({
        code: 'device-rejected',
        message: 'AA:BB:CC:DD:01:02: the control failed (1)',
      });
    expect(await faultOf(() => device.act(5, [], 5000, NEVER_ABORTED))).toMatchObject({
      code: 'device-rejected',
    });
    expect(await device.report(1, () => true, 1000, NEVER_ABORTED)).toBeNull();
  });

  it('without the secret of its identity is not bound', async () => {
    using unit = new UnitOnLink('FFE0', { secret: 'AAAAAAAAAAAAAAAAAAAAAA==' });
    const device = await open(unit);
    expect(await faultOf(() => device.bind(NONCE, PRESS_MS, NEVER_ABORTED))).toMatchObject({
      code: 'read-back-mismatch',
    });
    expect(stateOf(unit)).toBe('binding');
    expect(unit.said.at(-1)).toBe('>03');
  });

  it('that was bound with another key does not answer', async () => {
    using unit = new UnitOnLink('FFE0');
    await bound(unit);
    const other = await open(unit, keysOf(Buffer.from('00000001', 'hex')));
    expect(await faultOf(() => other.connect(NEVER_ABORTED))).toMatchObject({ code: 'device-silent' });
    expect(await faultOf(() => other.unbind(NEVER_ABORTED))).toMatchObject({ code: 'device-silent' });
    expect(stateOf(unit)).toBe('bound');
  });

  it('with a button is bound when it is pressed, not when it is declined, and not later than it waits', async () => {
    using unit = new UnitOnLink('FFE0', { secureBindS: 60 });
    const press = async (declines: boolean): Promise<void> => {
      await unit.pass(20_000);
      expect(unit.unit.press(declines)).toBe(true);
    };
    const device = await open(unit);
    const [declined] = await Promise.all([
      faultOf(() => device.bind(NONCE, PRESS_MS, NEVER_ABORTED)),
      press(true),
    ]);
    expect(declined).toMatchObject({ code: 'device-rejected' });
    expect(await faultOf(() => device.bind(NONCE, PRESS_MS, NEVER_ABORTED))).toMatchObject({
      code: 'device-silent',
    });
    expect(unit.said.slice(-2)).toContain('>0a01');
    await unit.pass(100);
    expect(unit.unit.press(false)).toBe(false);
    const [waitedS] = await Promise.all([device.bind(NONCE, PRESS_MS, NEVER_ABORTED), press(false)]);
    expect(waitedS).toBe(60);
    await unit.pass(100);
    expect(stateOf(unit)).toBe('bound');
  });

  it('is bound once or not at all, wherever the connection breaks', async () => {
    const at = fc.constantFrom('bind', 'bound', 'connect', 'info', 'status', 'unbind');
    const does = fc.constantFrom('drop', 'lose', 'garbage', 'repeat-slice', 'misorder');
    const breaks = fc.array(fc.record({ at, does }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(breaks, fc.constantFrom(23, 247), async (faults, mtu) => {
        using unit = new UnitOnLink('FFE0', { mtu });
        const seen = new Set<string>();
        let isBound = false;
        for (const fault of [...faults, null]) {
          unit.faults.clear();
          if (fault !== null)
            unit.faults.add([
              { fault: 'llsync-answer', at: fault.at, does: fault.does, times: 1 } as AnswerFault,
            ]);
          // As the step: what it advertises decides.
          const device = await open(unit);
          const work = async (): Promise<void> => {
            if (stateOf(unit) !== 'bound') await device.bind(NONCE, PRESS_MS, NEVER_ABORTED);
            await device.connect(NEVER_ABORTED);
          };
          isBound = await work().then(
            () => true,
            () => false,
          );
          await unit.pass(1000);
          if (stateOf(unit) === 'bound') seen.add(unit.unit.advertised().manufacturer?.data.toString() ?? '');
        }
        // The last attempt had no fault.
        expect(isBound).toBe(true);
        expect(stateOf(unit)).toBe('bound');
        expect(seen.size).toBe(1);
      }),
      { numRuns: 25 },
    );
  });
});

describe('new firmware over LLSync', () => {
  const bytes = Uint8Array.from({ length: 9000 }, (_, index) => (index * 7) & 0xff);

  async function update(unit: UnitOnLink, device: LlsyncDevice, version = '1.1.0'): Promise<number[]> {
    const progress: number[] = [];
    const onProgress = (received: number): void => void progress.push(received);
    await updateFirmware(
      device,
      { firmware: { bytes, crc32: crc32(bytes), version }, answerMs: 5000, onProgress },
      NEVER_ABORTED,
    );
    await unit.pass(2000);
    return progress;
  }

  it.each([23, 247])('arrives, and runs after the restart (MTU %i)', async (mtu) => {
    using unit = new UnitOnLink('FFE0', { mtu });
    const device = await bound(unit);
    expect((await update(unit, device)).at(-1)).toBe(bytes.length);
    const again = await open(unit);
    expect(await again.connect(NEVER_ABORTED)).toMatchObject({ text: '1.1.0' });
    expect(await faultOf(() => update(unit, again))).toMatchObject({
      code: 'device-rejected',
      message: expect.stringContaining('it has this version') as string,
    });
  });

  it('goes on where packets were lost', async () => {
    using unit = new UnitOnLink('FFE0', {
      faults: [{ fault: 'llsync-answer', at: 'ota', does: 'lose', times: 2 }],
    });
    const device = await bound(unit);
    const progress = await update(unit, device);
    expect(progress.at(-1)).toBe(bytes.length);
    expect(progress[1]).toBe(0);
  });

  it('goes on where a connection broke', async () => {
    using unit = new UnitOnLink('FFE0');
    const device = await bound(unit);
    const broken = update(unit, device);
    while (!unit.said.some((value) => value.startsWith('<0a'))) await unit.pass(10);
    unit.breakConnection();
    expect(await faultOf(() => broken)).toMatchObject({ code: 'ble-lost' });
    const again = await open(unit);
    await again.connect(NEVER_ABORTED);
    const progress = await update(unit, again);
    expect(progress[0]).toBeGreaterThan(0);
    expect(progress.at(-1)).toBe(bytes.length);
  });

  it('that the unit finds wrong fails', async () => {
    using unit = new UnitOnLink('FFE0', answers('ota', 'refuse'));
    const device = await bound(unit);
    expect(await faultOf(() => update(unit, device))).toMatchObject({
      code: 'flash-mismatch',
      message: expect.stringContaining('its flash failed') as string,
    });
  });
});
