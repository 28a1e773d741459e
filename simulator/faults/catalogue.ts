import { z } from 'zod';

/** The fault is removed after this number of occurrences. Without it the fault stays. */
const times = z.number().int().positive().optional();
const ms = z.number().nonnegative();
/** Where a fault of the wire occurs: after this number of bytes from the station, or from the unit. */
const onTheWire = {
  from: z.enum(['station', 'unit']).default('station'),
  afterBytes: z.number().int().nonnegative().default(0),
};
const flashOffset = z.number().int().nonnegative().max(0xffff_ffff).default(0);

/**
 * The closed list of faults of simulated units, with their settings and defaults. docs/simulator.md describes each. The
 * first group concerns the serial line, the supply and measured values and applies to any device. The others need a
 * device with the part concerned: an identity, a motor, Bluetooth.
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
    /** Number of bytes from the station after which the cable is unplugged; 0 is at once. */
    afterBytes: z.number().int().nonnegative().default(0),
    /** Time after which the cable is plugged again. Without it, the cable stays unplugged until a control line. */
    replugAfterMs: ms.optional(),
    times,
  }),

  z.strictObject({ fault: z.literal('echo-on') }),
  z.strictObject({
    fault: z.literal('reboot'),
    /** Number of bytes from the station after which the unit restarts. */
    afterBytes: z.number().int().positive().optional(),
    /** Number of started commands after which the unit restarts. It does not reply to the last one. */
    afterCommands: z.number().int().positive().optional(),
    times,
  }),
  z.strictObject({
    fault: z.literal('drift'),
    /** Name of the measured value, as listed by the device family; `*` for all. */
    value: z.string().min(1).max(32).default('*'),
    /** Offset from the start, and additional offset after each power-on, minute and reading. */
    by: z.number().optional(),
    perRun: z.number().optional(),
    perMinute: z.number().optional(),
    perReading: z.number().optional(),
  }),

  /** After this number of bytes of one direction, this number of bytes is missing. */
  z.strictObject({
    fault: z.literal('lose-bytes'),
    ...onTheWire,
    count: z.number().int().positive().default(1),
    times,
  }),
  /** After this number of bytes of one direction, this number of bytes has other bits. */
  z.strictObject({
    fault: z.literal('change-bytes'),
    ...onTheWire,
    count: z.number().int().positive().default(1),
    /** The bits that change. */
    mask: z.number().int().min(1).max(255).default(1),
    times,
  }),
  /** After this number of bytes of one direction, the next ones are late. */
  z.strictObject({ fault: z.literal('late-bytes'), ...onTheWire, ms: ms.default(500), times }),
  /** After this number of bytes of one direction, nothing comes any more until the unit is reset or loses power. */
  z.strictObject({ fault: z.literal('stall'), ...onTheWire, times }),

  /** The chip refuses what a chip with this protection refuses. */
  z.strictObject({
    fault: z.literal('chip-locked'),
    by: z
      .enum(['secure-download', 'flash-encryption', 'secure-boot', 'no-download'])
      .default('secure-download'),
  }),
  /** The flash chip is smaller than usual, in bytes: a power of two. */
  z.strictObject({
    fault: z.literal('flash-small'),
    bytes: z
      .number()
      .int()
      .min(65_536)
      .refine((bytes) => Number.isInteger(Math.log2(bytes)), 'must be a power of two')
      .default(1_048_576),
  }),
  /** The supply fails when the flash is erased or written at this offset. Later bytes are not written. */
  z.strictObject({
    fault: z.literal('flash-brown-out'),
    offset: flashOffset,
    /** Only when it is erased, or only when it is written; left out: in both cases. */
    during: z.enum(['erase', 'write']).optional(),
    times,
  }),
  /** The sector with this offset is not erased. */
  z.strictObject({ fault: z.literal('flash-sector-stuck'), offset: flashOffset }),
  /** A bit of the byte at this offset stays 1. */
  z.strictObject({
    fault: z.literal('flash-bit-stuck'),
    offset: flashOffset,
    bit: z.number().int().min(0).max(7).default(0),
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
    /** Store a secret with the same one-byte checksum, so that only a login reveals it. */
    sameChecksum: z.boolean().default(false),
    times,
  }),
  z.strictObject({ fault: z.literal('forget'), times }),
  /** No network is stored at first: `AT+CWJAP` must precede the login. */
  z.strictObject({ fault: z.literal('no-wifi') }),
  /** The firmware stores each network that it joins: it has neither `AT+CWJAP_CUR` nor `AT+SYSSTORE`. */
  z.strictObject({ fault: z.literal('stores-network') }),
  z.strictObject({
    fault: z.literal('join-refused'),
    /** ESP-AT's: 1 timed out, 2 wrong password, 3 no such network, 4 refused. */
    code: z.number().int().min(1).max(4).default(2),
    times,
  }),
  /** The DHCP server takes this long for an address of the unit. */
  z.strictObject({ fault: z.literal('dhcp-slow'), ms: ms.default(20_000), times }),
  /** The broker is not reachable from the network of the unit. */
  z.strictObject({ fault: z.literal('broker-away'), times }),
  z.strictObject({
    fault: z.literal('token-wrong'),
    /** What the unit reports in place of its provisioning token; left out: the token with another last character. */
    token: z.string().min(1).max(99).optional(),
    times,
  }),
  /** A datagram between an app and the unit in its own network is lost. */
  z.strictObject({ fault: z.literal('datagram-lost'), times }),
  /** The unit tells the app an error of an earlier provisioning first. */
  z.strictObject({
    fault: z.literal('previous-error'),
    code: z.number().int().min(1).max(27).default(10),
    subCode: z.number().int().min(0).max(206).default(2),
    times,
  }),
  /** The unit does not keep the provisioning token that it is given. */
  z.strictObject({ fault: z.literal('token-lost'), times }),
  /** It prints `+TCMQTTCONN: OK`, as examples of the command set's document do. */
  z.strictObject({ fault: z.literal('blank-after-colon') }),
  z.strictObject({ fault: z.literal('login-refused'), by: z.enum(['psk', 'clock']).default('psk'), times }),

  /** An update of the firmware over the network ends as `by` says; what breaks off breaks at `atPercent` of the download. */
  z.strictObject({
    fault: z.literal('ota-fails'),
    by: z
      .enum([
        'power-lost',
        'connection-lost',
        'wrong-md5',
        'no-space',
        'silent',
        'url-expired',
        'not-applied',
      ])
      .default('power-lost'),
    atPercent: z.number().int().min(1).max(99).default(60),
    times,
  }),

  /** The peer-to-peer service does not start, with an error code of document 001. */
  z.strictObject({
    fault: z.literal('xp2p'),
    code: z.number().int().min(-1020).max(-1000).default(-1006),
    times,
  }),
  z.strictObject({ fault: z.literal('motor-stuck'), times }),
  /** The clock of the unit is off by this number of seconds. */
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
  /** This share of the packets is lost: advertisements are missed, data is sent again at the next connection event. */
  z.strictObject({ fault: z.literal('ble-loss'), share: z.number().min(0).max(0.9).default(0.1) }),
  z.strictObject({ fault: z.literal('ble-mute') }),
  z.strictObject({ fault: z.literal('ble-wrong-reply'), times }),
  z.strictObject({
    fault: z.literal('blufi-answer'),
    /** The message of a unit with BluFi that is concerned; `ack`: a confirmation, `mode` and `network`: what has no answer. */
    at: z
      .enum(['ack', 'version', 'key', 'list', 'mode', 'network', 'join', 'state', 'token'])
      .default('join'),
    /** The unit says no, breaks the connection, does not answer, reports an error, or sends a message that is not as it must be. */
    does: z
      .enum([
        'refuse',
        'drop',
        'lose',
        'error',
        'garbage',
        'wrong-sequence',
        'wrong-checksum',
        'lose-fragment',
      ])
      .default('refuse'),
    /** Code of the error report. */
    code: z.number().int().min(0).max(255).default(0),
    times,
  }),
  /** The unit wants each of its frames to be confirmed. */
  z.strictObject({ fault: z.literal('blufi-wants-acks') }),
  /** The largest MTU that the unit agrees to. */
  z.strictObject({ fault: z.literal('ble-mtu'), bytes: z.number().int().min(23).max(517).default(23) }),
  z.strictObject({
    fault: z.literal('llsync-answer'),
    /** The answer of a unit with LLSync that is concerned; `bound`: the storing of a binding, which has none. */
    at: z
      .enum([
        'info',
        'mode',
        'network',
        'join',
        'token',
        'log',
        'wait',
        'bind',
        'bound',
        'connect',
        'status',
        'unbind',
        'control',
        'report',
        'event',
        'action',
        'ota-request',
        'ota',
        'ota-progress',
        'ota-check',
      ])
      .default('join'),
    /** The unit says no, breaks the connection, does not answer, sends other bytes before, or muddles the slices. */
    does: z.enum(['refuse', 'drop', 'lose', 'garbage', 'repeat-slice', 'misorder']).default('refuse'),
    times,
  }),
  /** Some time after it has shown its identity over Bluetooth, the unit says another one. */
  z.strictObject({
    fault: z.literal('ble-other-identity'),
    afterMs: ms.default(500),
    says: z.string().max(200).default('FOREIGN001 other-9'),
    times,
  }),
]);

export type UnitFault = z.infer<typeof unitFault>;
export type FaultName = UnitFault['fault'];
export type FaultNamed<N extends FaultName> = Extract<UnitFault, { fault: N }>;

export const FAULT_NAMES = unitFault.options.map((option) => option.shape.fault.value) as [
  FaultName,
  ...FaultName[],
];

/** A fault as written in files and control lines: with its settings, or the name alone for the defaults. */
export const writtenFault = z.union([
  z.enum(FAULT_NAMES).transform((fault): UnitFault => unitFault.parse({ fault })),
  unitFault,
]);
