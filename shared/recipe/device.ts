import { shape } from './texts/shape-texts.ts';
import { z } from 'zod';
import { TEXT_ENCODINGS } from '../codec/text-encoding.ts';
import { durationMs, hexBytes, regex } from './common.ts';
import { frameFormat } from './frame-format.ts';
import { ampeParams, filesInParams } from './ampe-params.ts';
import { bleDevice } from './ble.ts';
import { identity } from './identity.ts';
import { isOneAnswer, isOneMessage, message, ONE_ANSWER } from './message.ts';
import { AMPE_ACTIONS } from '../domain/ampe.ts';

/** Settings of the unit's port. */
const serial = z
  .strictObject({
    baudRate: z.int().min(300).max(4_000_000).default(460_800),
    dataBits: z.literal([7, 8]).default(8),
    parity: z.enum(['none', 'even', 'odd']).default('none'),
    stopBits: z.literal([1, 2]).default(1),
    flowControl: z.enum(['none', 'rts-cts']).default('none'),
    /** Encoding of the texts that are received and sent. */
    encoding: z.enum(TEXT_ENCODINGS).default('utf-8'),
    commandTimeoutMs: durationMs.default(10_000),
  })
  .prefault({});

/**
 * A request that identifies a device, by groups of a pattern or paths of an AMPE reply named `mac` or `id`, `model` and
 * `firmware`. Several requests may each give a part.
 */
const identifyRequest = z
  .strictObject({
    ...message,
    expect: regex.optional(),
    expectFrame: regex.optional(),
    /** False for a unit that sends no line end. */
    wholeLines: z.boolean().default(true),
    ampe: z
      .strictObject({
        action: z.enum(AMPE_ACTIONS),
        params: ampeParams
          .refine((params) => filesInParams(params, []).length === 0, shape('shape-no-file-here'))
          .default({}),
        id: z.string(),
        model: z.string().optional(),
        firmware: z.string().optional(),
      })
      .optional(),
    withinMs: durationMs.default(3000),
  })
  .refine((r) => (r.ampe !== undefined) !== isOneMessage(r), shape('shape-one-identify'))
  .refine((r) => r.ampe !== undefined || isOneAnswer(r), ONE_ANSWER);
export type IdentifyRequest = z.infer<typeof identifyRequest>;

/** The control line that resets the unit. */
const reset = z.strictObject({
  line: z.enum(['dtr', 'rts', 'break']),
  /** How long the line is active, and how long the unit then needs until it answers. */
  activeMs: durationMs.default(100),
  settleMs: durationMs.default(500),
  /** Level of the line that resets the unit. */
  active: z.boolean().default(true),
});

/** The relay board of a fixture, with relays and inputs, on a port of its own. */
const board = z
  .strictObject({
    /** `lcus`: four bytes, `A0 channel state sum`; `numato`: the text commands of Numato's relay and GPIO modules. */
    kind: z.enum(['lcus', 'numato']),
    /** Number of the relay that powers the unit, the same for all slots. Without it each slot has a relay, from `firstChannel` on. */
    channel: z.int().min(0).max(63).optional(),
    /** Number of the relay of slot 1; when left out 1 for `lcus`, 0 for `numato`. */
    firstChannel: z.int().min(0).max(1).optional(),
    settleMs: durationMs.default(500),
  })
  .refine((b) => b.kind !== 'lcus' || (b.channel !== 0 && b.firstChannel !== 0), {
    message: shape('shape-lcus'),
  });
export type BoardSettings = z.infer<typeof board>;

/** The relay that powers the unit on a slot; slots count from 1. */
export function relayOf(settings: BoardSettings, slot: number): number {
  const { kind, channel, firstChannel = kind === 'lcus' ? 1 : 0 } = settings;
  return channel ?? firstChannel + slot - 1;
}

/** The device that a recipe is for: its port, and how it is identified, reset and powered. */
export const device = z
  .strictObject({
    /** `at-module`: Tencent's AT firmware, which takes a triple. `described`: a device that the recipe describes; it takes a triple with `identity`. */
    profile: z.enum(['at-module', 'described']),
    serial,
    identify: z.array(identifyRequest).min(1).max(8).optional(),
    frames: frameFormat.optional(),
    /** True: every sent byte comes back (RS-485 on two wires, a UART on one wire), and is removed from the answer. */
    echo: z.boolean().default(false),
    reset: reset.optional(),
    board: board.optional(),
    ble: bleDevice.optional(),
    /** How the unit takes, shows and forgets its identity. Only for the profile `described`. */
    identity: identity.optional(),
    region: z.string().max(24).optional(),
    /** Message that the unit sends after power-on; it may start a run. With both keys both must come. */
    arrival: z.strictObject({ expect: regex.optional(), hex: hexBytes.optional() }).optional(),
  })
  .refine((d) => d.profile !== 'described' || isIdentified(d), {
    path: ['identify'],
    message: shape('shape-identify-needed'),
  })
  .refine(({ ble, ...d }) => ble?.identify === undefined || (!isIdentified(d) && ble.find === undefined), {
    path: ['ble', 'identify'],
    message: shape('shape-ble-identify-alone'),
  })
  .refine(({ profile, ble }) => profile === 'described' || ble?.identify === undefined, {
    path: ['ble', 'identify'],
    message: shape('shape-identify-not-needed'),
  })
  .refine((d) => d.profile === 'described' || d.identify === undefined, {
    path: ['identify'],
    message: shape('shape-identify-not-needed'),
  })
  .refine((d) => d.profile === 'described' || d.identity === undefined, {
    path: ['identity'],
    message: shape('shape-identity-not-needed'),
  })
  .refine((d) => d.identity?.nvs?.region === undefined || d.region !== undefined, {
    path: ['region'],
    message: shape('shape-nvs-region'),
  })
  .refine((d) => d.identity?.nvs === undefined || !d.echo, {
    path: ['echo'],
    message: shape('shape-nvs-echo'),
  });
export type DeviceSettings = z.infer<typeof device>;

/** True for a described device that says who it is in some way. */
function isIdentified(d: {
  readonly identify?: unknown;
  readonly identity?: { readonly nvs?: unknown } | undefined;
  readonly ble?: { readonly identify?: unknown } | undefined;
}): boolean {
  return [d.identify, d.identity?.nvs, d.ble?.identify].some((given) => given !== undefined);
}

/** True for a device whose id is the MAC that its boot loader tells. */
export function isIdentifiedByLoader({ identity, identify }: DeviceSettings): boolean {
  return identity?.nvs !== undefined && identify === undefined;
}

/** True for a device that takes a triple. */
export function takesIdentity({ profile, identity }: DeviceSettings): boolean {
  return profile === 'at-module' || identity !== undefined;
}
