/** Why this side ends a connection that has broken no rule. */
export class ConnectionEnded extends Error {}

/** Ends a connection so that nothing of what was written and not yet taken by the other side can still arrive. */
export class ControlWithdrawn extends ConnectionEnded {}

/** What the parser says of a protocol level that it does not know. */
const UNKNOWN_LEVEL = 'Invalid protocol version';

/** The peer asked for a version of MQTT that nobody here speaks. */
export function isUnknownVersion(error: Error): boolean {
  return error.message === UNKNOWN_LEVEL;
}

/** The peer began a packet longer than allowed. */
export class PacketTooLong extends Error {}
