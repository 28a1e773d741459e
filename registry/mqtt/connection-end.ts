/** Why this side ends a connection that has broken no rule. */
export class ConnectionEnd extends Error {}

/** Ends a connection so that nothing of what was written and not yet taken by the other side can still arrive. */
export class Withdrawn extends ConnectionEnd {}

/** The peer began a packet longer than allowed. */
export class PacketTooLong extends Error {}
