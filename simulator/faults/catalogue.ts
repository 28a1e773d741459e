import { z } from 'zod';

/** After so many times the fault is gone and the unit is as good as any; without it the fault stays. */
const times = z.number().int().positive().optional();
const ms = z.number().nonnegative();

/**
 * Everything that can be wrong with a simulated unit, as a closed list with the settings of each and their usual
 * values. docs/simulator.md says in words what each does. The first group is in the line, the supply and the values, and
 * can befall any device; the others need a device that has what the fault is about: an identity to burn, a motor, a
 * Bluetooth side.
 */
export const unitFault = z.discriminatedUnion('fault', [
  z.strictObject({ fault: z.literal('silent'), times }),
  z.strictObject({ fault: z.literal('slow'), factor: z.number().min(1).default(5) }),
  z.strictObject({
    fault: z.literal('garbage'),
    bytes: z.number().int().min(1).max(4096).default(12),
    times,
  }),
  z.strictObject({
    fault: z.literal('split'),
    pieces: z.number().int().min(2).max(64).default(3),
    pauseMs: ms.default(40),
    times,
  }),
  z.strictObject({ fault: z.literal('wrong-baud'), baudRate: z.number().int().positive().default(74_880) }),
  z.strictObject({ fault: z.literal('flood'), bytesPerSecond: z.number().int().positive().default(46_080) }),
  z.strictObject({
    fault: z.literal('unplug'),
    /** Bytes that the station may send before the cable is gone; 0 is at once. */
    afterBytes: z.number().int().nonnegative().default(0),
    /** After this time the cable is put back; without it, somebody has to do it. */
    replugAfterMs: ms.optional(),
    times,
  }),

  z.strictObject({ fault: z.literal('echo-on') }),
  z.strictObject({
    fault: z.literal('reboot'),
    /** Bytes of the station that the unit hears before it restarts. */
    afterBytes: z.number().int().positive().optional(),
    /** Commands that it begins to obey: it restarts in the middle of this one, and says nothing of it any more. */
    afterCommands: z.number().int().positive().optional(),
    times,
  }),
  z.strictObject({
    fault: z.literal('drift'),
    /** What the unit measures wrong, by the name its family gives to it; `*` is everything. */
    value: z.string().min(1).max(32).default('*'),
    /** How far off it is from the start, and how much further after each power-on, minute and reading. */
    by: z.number().optional(),
    perRun: z.number().optional(),
    perMinute: z.number().optional(),
    perReading: z.number().optional(),
  }),

  z.strictObject({ fault: z.literal('reject-write'), reply: z.enum(['cme', 'fail']).default('cme'), times }),
  z.strictObject({
    fault: z.literal('reboot-on-write'),
    when: z.enum(['before', 'after']).default('after'),
    times,
  }),
  z.strictObject({ fault: z.literal('write-no-reply'), times }),
  z.strictObject({
    fault: z.literal('store-wrong'),
    /** Store it so that the one-byte checksum is right all the same: only a login tells. */
    sameChecksum: z.boolean().default(false),
    times,
  }),
  z.strictObject({ fault: z.literal('forget'), times }),
  /** No network is stored from the start: `AT+CWJAP` has to come before the login. */
  z.strictObject({ fault: z.literal('no-wifi') }),
  z.strictObject({
    fault: z.literal('join-refused'),
    /** ESP-AT's: 1 timed out, 2 wrong password, 3 no such network, 4 refused. */
    code: z.number().int().min(1).max(4).default(2),
    times,
  }),
  /** It prints `+TCMQTTCONN: OK`, as examples of the command set's document do. */
  z.strictObject({ fault: z.literal('blank-after-colon') }),
  z.strictObject({ fault: z.literal('login-refused'), by: z.enum(['psk', 'clock']).default('psk'), times }),

  /** A peer-to-peer service that does not come up, with a code of document 001. */
  z.strictObject({
    fault: z.literal('xp2p'),
    code: z.number().int().min(-1020).max(-1000).default(-1006),
    times,
  }),
  z.strictObject({ fault: z.literal('motor-stuck'), times }),
  /** Its clock is so many seconds off, for everything that is made of the time. */
  z.strictObject({ fault: z.literal('clock-off'), seconds: z.number().int().default(3_600) }),

  z.strictObject({ fault: z.literal('deaf'), times }),
  z.strictObject({ fault: z.literal('pin-stuck'), high: z.boolean().default(false) }),
  z.strictObject({ fault: z.literal('no-card'), times }),
  z.strictObject({ fault: z.literal('no-code'), times }),
  z.strictObject({ fault: z.literal('paper-out'), times }),
  z.strictObject({ fault: z.literal('no-smile'), times }),

  z.strictObject({ fault: z.literal('ble-silent') }),
  z.strictObject({ fault: z.literal('ble-weak'), rssiDbm: z.number().min(-127).max(20).default(-96) }),
  z.strictObject({
    fault: z.literal('ble-wrong-name'),
    name: z.string().max(200).default('智能设备_00:00:00:00:00:00'),
  }),
  z.strictObject({ fault: z.literal('ble-drop'), times }),
  z.strictObject({ fault: z.literal('ble-mute') }),
  z.strictObject({ fault: z.literal('ble-wrong-reply'), times }),
]);

export type UnitFault = z.infer<typeof unitFault>;
export type FaultName = UnitFault['fault'];
export type FaultNamed<N extends FaultName> = Extract<UnitFault, { fault: N }>;

export const FAULT_NAMES = unitFault.options.map((option) => option.shape.fault.value) as [
  FaultName,
  ...FaultName[],
];

/** As people write it: a fault with its settings, or its name alone for the usual settings. */
export const writtenFault = z.union([
  z.enum(FAULT_NAMES).transform((fault): UnitFault => unitFault.parse({ fault })),
  unitFault,
]);
