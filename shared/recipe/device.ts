import { z } from 'zod';
import { TEXT_ENCODINGS } from '../codec/text-encoding.ts';
import { durationMs, hexBytes, regex } from './common.ts';
import { frameFormat } from './frame-format.ts';
import { ampeParams, filesInParams } from './ampe-params.ts';
import { bleDevice } from './ble.ts';
import { isOneMessage, message } from './message.ts';
import { AMPE_ACTIONS } from '../domain/ampe.ts';

/** How the unit's port is opened. */
const serial = z
  .strictObject({
    baudRate: z.int().min(300).max(4_000_000).default(460_800),
    dataBits: z.literal([7, 8]).default(8),
    parity: z.enum(['none', 'even', 'odd']).default('none'),
    stopBits: z.literal([1, 2]).default(1),
    flowControl: z.enum(['none', 'rts-cts']).default('none'),
    /** How the unit writes its text: its lines are read so, and texts are sent so. */
    encoding: z.enum(TEXT_ENCODINGS).default('utf-8'),
    commandTimeoutMs: durationMs.default(10_000),
  })
  .prefault({});

/**
 * A question that a device answers with who it is. Groups of the pattern, or paths of an AMPE reply, named `mac` or
 * `id`, `model` and `firmware`. Several questions may each tell a part.
 */
const question = z
  .strictObject({
    ...message,
    expect: regex.optional(),
    expectFrame: regex.optional(),
    /** False for a unit that ends no line. */
    wholeLines: z.boolean().default(true),
    ampe: z
      .strictObject({
        action: z.enum(AMPE_ACTIONS),
        params: ampeParams
          .refine((params) => filesInParams(params, []).length === 0, 'takes no file here')
          .default({}),
        id: z.string(),
        model: z.string().optional(),
        firmware: z.string().optional(),
      })
      .optional(),
    withinMs: durationMs.default(3000),
  })
  .refine(
    (q) => (q.ampe !== undefined) !== isOneMessage(q),
    'asks with exactly one of: text, hex, frame, ampe',
  )
  .refine(
    (q) => q.ampe !== undefined || (q.expect === undefined) !== (q.expectFrame === undefined),
    'awaits exactly one of: expect, expectFrame',
  );
export type IdentifyQuestion = z.infer<typeof question>;

/** Which line of the port resets the unit, and how. */
const reset = z.strictObject({
  line: z.enum(['dtr', 'rts', 'break']),
  /** How long the line is held, and how long the unit then takes until it can be spoken to. */
  activeMs: durationMs.default(100),
  settleMs: durationMs.default(500),
  /** The level that resets. */
  active: z.boolean().default(true),
});

/** The board of a fixture, with relays and inputs, on a port of its own. */
const board = z
  .strictObject({
    /** `lcus`: four bytes, `A0 channel state sum`; `numato`: the text commands of Numato's relay and GPIO modules. */
    kind: z.enum(['lcus', 'numato']),
    /** Relay that powers the unit; the slot's own number, from `firstChannel` on, when left out. */
    channel: z.int().min(0).max(63).optional(),
    /** Relay of slot 1: as the kind counts when left out, `lcus` from 1, `numato` from 0. */
    firstChannel: z.int().min(0).max(1).optional(),
    settleMs: durationMs.default(500),
  })
  .refine((b) => b.kind !== 'lcus' || (b.channel !== 0 && b.firstChannel !== 0), {
    message: 'an LCUS board counts its relays from 1',
  });
export type BoardSettings = z.infer<typeof board>;

/** The relay that powers what lies on a slot (from 1). */
export function relayOf(settings: BoardSettings, slot: number): number {
  const { kind, channel, firstChannel = kind === 'lcus' ? 1 : 0 } = settings;
  return channel ?? firstChannel + slot - 1;
}

/** What kind of device a recipe is for: its port, how it says who it is, how it is reset and powered. */
export const device = z
  .strictObject({
    /** `at-module`: Tencent's AT firmware, which takes a triple. `described`: whatever the recipe says of it. */
    profile: z.enum(['at-module', 'described']),
    serial,
    identify: z.array(question).min(1).max(8).optional(),
    frames: frameFormat.optional(),
    /** The wire hands back every byte that is sent (RS-485 on two wires, a UART on one): that is taken off. */
    echo: z.boolean().default(false),
    reset: reset.optional(),
    board: board.optional(),
    ble: bleDevice.optional(),
    region: z.string().max(24).optional(),
    /** What the unit says when it was just powered: a run may start by itself then. */
    arrival: z.strictObject({ expect: regex.optional(), hex: hexBytes.optional() }).optional(),
  })
  .refine((d) => d.profile !== 'described' || d.identify !== undefined, {
    path: ['identify'],
    message: 'a described device needs questions that it answers with who it is',
  })
  .refine((d) => d.profile === 'described' || d.identify === undefined, {
    path: ['identify'],
    message: 'an AT module says by itself who it is',
  });
export type DeviceSettings = z.infer<typeof device>;
