/** A device that is connected and can receive messages of one topic. */
export interface DeviceLink {
  /** The address of this computer that the device is connected to. */
  readonly localAddress: string;
  /** To this connection and with QoS 0, so that a message never arrives late. */
  send(message: Readonly<Record<string, unknown>>): void;
  /** The same object for the same connection. */
  readonly connection: object;
}
