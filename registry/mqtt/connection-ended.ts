/** Ends a connection without a violation of the protocol. */
export class ConnectionEnded extends Error {}

/** Ends a connection so that unsent bytes are dropped, because a control request was withdrawn. */
export class ControlWithdrawn extends ConnectionEnded {}

/** Error message of mqtt-packet for an unknown protocol level. */
const UNKNOWN_LEVEL = 'Invalid protocol version';

/** True when the client asked for an unsupported version of MQTT. */
export function isUnknownVersion(error: Error): boolean {
  return error.message === UNKNOWN_LEVEL;
}

/** The client began a packet longer than allowed. */
export class PacketTooLong extends Error {}
