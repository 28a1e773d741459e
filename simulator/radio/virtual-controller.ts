import { Advertiser } from './advertiser.ts';
import type { Radio, ConnectionParameters } from './radio.ts';
import { type RadioModel, IDEAL_RADIO } from './radio-model.ts';
import { addressBytes, COMMAND, EVENT, i8, LE_EVENT, leFeatures, PACKET, STATUS, u16 } from './hci.ts';
import { type Connection, inOrder } from './connection.ts';
import { HciTransport } from './hci-transport.ts';
import type { Advertisement } from './advertising-reports.ts';
import { Scanner } from './scanner.ts';
import type { RadioMedium } from './radio-medium.ts';

export interface ControllerOptions {
  /** `AA:BB:CC:DD:01:02`. */
  readonly address: string;
  readonly radioModel?: RadioModel;
  /** Can scan for, and connect to, extended advertisements. Default true. */
  readonly extended?: boolean;
  /** Data of an extended advertisement that is sent besides the host's own. Called for each advertising event. */
  readonly extendedAdvertisement?: () => Buffer | null;
  /** Scan response that replaces the host's. Called for each advertising event. */
  readonly liveScanResponse?: () => Buffer | null;
  /** Data of the legacy advertisement that replace the host's. Called for each advertising event. */
  readonly liveAdvertisement?: () => Buffer | null;
}

/** A connection that the host has requested. It is established when the peer advertises. */
interface PendingConnection {
  readonly address: Buffer;
  readonly parameters: ConnectionParameters;
}

const DATA_LENGTH = 251;
const DATA_BUFFERS = 8;
const FIRST_HANDLE = 0x40;
const VERSION_5_0 = 9;
const ENHANCED_MASK_BIT = 9;
const TIMEOUT_UNIT_MS = 10;
const INTERVAL_UNIT_MS = 1.25;
const PACKET_START_UNFLUSHED = 0;
const PACKET_START = 2;

/**
 * A Bluetooth LE controller between the HCI packets of its host and the radio medium. It takes one connection as a
 * peripheral and any number as a central. Not implemented: classic Bluetooth, key checks (encryption is granted on
 * request), data length extension, PHY changes.
 */
export class VirtualController implements Radio {
  readonly address: Buffer;
  readonly #medium: RadioMedium;
  readonly #radioModel: RadioModel;
  readonly #extended: boolean;
  readonly #advertiser: Advertiser;
  readonly #scanner = new Scanner();
  readonly #connections = new Map<number, Connection>();
  readonly #host = new HciTransport();
  #pending: PendingConnection | null = null;
  #nextHandle = FIRST_HANDLE;
  #enhancedEvents = false;
  #radioOn = false;

  constructor(medium: RadioMedium, options: ControllerOptions) {
    this.#medium = medium;
    this.address = addressBytes(options.address);
    this.#radioModel = options.radioModel ?? IDEAL_RADIO;
    this.#extended = options.extended ?? true;
    const none = (): null => null;
    const { extendedAdvertisement: extended = none, liveScanResponse = none } = options;
    const { liveAdvertisement = none } = options;
    const live = { extended, liveScanResponse, liveAdvertisement };
    this.#advertiser = new Advertiser(this.#radioModel, live, () => this.#advertise());
    this.radioOn = true;
  }

  /** Sets the function that takes packets for the host. Its host must not call `receive` from within it. */
  attach(send: (packet: Buffer) => void): void {
    this.#host.attach(send);
  }

  /** A frozen controller ignores its host and sends it nothing, as one whose firmware hangs. */
  freeze(frozen: boolean): void {
    this.#host.frozen = frozen;
  }

  get radioOn(): boolean {
    return this.#radioOn;
  }

  /** Switching the radio off breaks the connections. The settings of the host are kept. */
  set radioOn(on: boolean) {
    if (on === this.#radioOn) return;
    this.#radioOn = on;
    if (on) {
      this.#medium.add(this);
      this.#advertise();
    } else {
      this.breakConnections();
      this.#medium.remove(this);
    }
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  close(): void {
    this.#clear();
    this.radioOn = false;
    this.#host.attach(null);
  }

  /** Breaks all connections as if the peer were out of range. Each end notices it after its supervision timeout. */
  breakConnections(): void {
    for (const [handle, connection] of this.#connections) {
      this.#startSupervisionTimeout(handle, connection);
      connection.peer.connectionLost(connection.peerHandle, STATUS.supervisionTimeout);
    }
  }

  /** Takes one packet of the host, beginning with its H4 type. */
  receive(packet: Buffer): void {
    if (this.#host.frozen) return;
    if (packet[0] === PACKET.command) this.#command(packet.readUInt16LE(1), packet.subarray(4));
    else if (packet[0] === PACKET.acl) this.#data(packet);
  }

  rssiDbm(): number {
    return this.#radioModel.rssiDbm();
  }

  onAdvertisements(from: Radio, advertisements: readonly Advertisement[]): void {
    if (this.#pending !== null && this.#pending.address.equals(from.address) && this.#connect(from)) return;
    for (const advertisement of advertisements) {
      const report = this.#scanner.report(advertisement);
      if (report !== null) this.#host.event(EVENT.le, report);
    }
  }

  acceptConnection(central: Radio, centralHandle: number, parameters: ConnectionParameters): number | null {
    if (!this.#radioOn || !this.#advertiser.connectable) return null;
    this.#advertiser.stop();
    const handle = this.#nextHandle++;
    this.#connections.set(handle, {
      peer: central,
      peerHandle: centralHandle,
      parameters,
      broken: null,
      waiting: [],
    });
    this.#connected(handle, 1, central.address, parameters);
    return handle;
  }

  receiveData(handle: number, flags: number, data: Uint8Array): void {
    const connection = this.#connections.get(handle);
    if (connection === undefined || connection.broken !== null) return;
    this.#host.data(handle | flags, data);
  }

  connectionUpdated(handle: number, parameters: ConnectionParameters): void {
    const connection = this.#connections.get(handle);
    if (connection !== undefined) this.#updated(handle, connection, parameters);
  }

  connectionEncrypted(handle: number): void {
    if (this.#connections.has(handle))
      this.#host.event(EVENT.encryptionChanged, [STATUS.ok, ...u16(handle), 1]);
  }

  connectionLost(handle: number, reason: number): void {
    const connection = this.#connections.get(handle);
    if (connection === undefined) return;
    if (reason === STATUS.supervisionTimeout) this.#startSupervisionTimeout(handle, connection);
    else this.#removeConnection(handle, connection, reason);
  }

  #startSupervisionTimeout(handle: number, connection: Connection): void {
    if (connection.broken !== null) return;
    const afterMs = connection.parameters.timeout * TIMEOUT_UNIT_MS * this.#medium.timeScale;
    connection.broken = setTimeout(
      () => this.#removeConnection(handle, connection, STATUS.supervisionTimeout),
      afterMs,
    );
    connection.broken.unref();
  }

  #removeConnection(handle: number, connection: Connection, reason: number): void {
    if (!this.#connections.delete(handle)) return;
    clearTimeout(connection.broken ?? undefined);
    this.#host.event(EVENT.disconnected, [STATUS.ok, ...u16(handle), reason]);
  }

  /** Resets the controller as after power-on. Peers lose their connections. */
  #clear(): void {
    this.#advertiser.stop();
    this.#scanner.enable(false, false, false);
    this.#pending = null;
    for (const [handle, connection] of this.#connections) {
      this.#connections.delete(handle);
      clearTimeout(connection.broken ?? undefined);
      if (connection.broken === null)
        connection.peer.connectionLost(connection.peerHandle, STATUS.supervisionTimeout);
    }
  }

  #command(opcode: number, p: Buffer): void {
    switch (opcode) {
      case COMMAND.reset:
        this.#clear();
        return this.#host.done(opcode);
      case COMMAND.readLocalVersion:
        return this.#host.done(opcode, [VERSION_5_0, 0, 0, VERSION_5_0, ...u16(0xffff), 0, 0]);
      case COMMAND.readAddress:
        return this.#host.done(opcode, [...this.address]);
      case COMMAND.readLocalCommands:
        return this.#host.done(opcode, [...Buffer.alloc(64)]);
      case COMMAND.readLocalFeatures:
        // LE only, without classic Bluetooth.
        return this.#host.done(opcode, [0, 0, 0, 0, 0x60, 0, 0, 0]);
      case COMMAND.readBufferSize:
        return this.#host.done(opcode, [...u16(0), 0, ...u16(0), ...u16(0)]);
      case COMMAND.leReadBufferSize:
        return this.#host.done(opcode, [...u16(DATA_LENGTH), DATA_BUFFERS]);
      case COMMAND.leReadFeatures:
        return this.#host.done(opcode, [...leFeatures(this.#extended)]);
      case COMMAND.readLeHostSupport:
        return this.#host.done(opcode, [1, 0]);
      case COMMAND.setEventMask:
      case COMMAND.setEventFilter:
      case COMMAND.writeLeHostSupport:
      case COMMAND.leSetDefaultPhy:
        return this.#host.done(opcode);
      case COMMAND.leSetEventMask:
        this.#enhancedEvents = ((p.readUInt16LE(0) >> ENHANCED_MASK_BIT) & 1) === 1;
        return this.#host.done(opcode);
      case COMMAND.leSetAdvertisingParameters:
        this.#advertiser.set(p.readUInt16LE(0) * 0.625, p.readUInt8(4));
        return this.#host.done(opcode);
      case COMMAND.leSetAdvertisingData:
        this.#advertiser.data = Buffer.from(p.subarray(1, 1 + p.readUInt8(0)));
        return this.#host.done(opcode);
      case COMMAND.leSetScanResponseData:
        this.#advertiser.scanResponse = Buffer.from(p.subarray(1, 1 + p.readUInt8(0)));
        return this.#host.done(opcode);
      case COMMAND.leSetAdvertisingEnable:
        return this.#setAdvertising(p.readUInt8(0) === 1);
      case COMMAND.leSetScanParameters:
        this.#scanner.set(p.readUInt8(0) === 1, false);
        return this.#host.done(opcode);
      case COMMAND.leSetExtendedScanParameters:
        this.#scanner.set(p.readUInt8(3) === 1, true);
        return this.#host.done(opcode);
      case COMMAND.leSetScanEnable:
      case COMMAND.leSetExtendedScanEnable:
        this.#host.done(opcode);
        return this.#scanner.enable(
          p.readUInt8(0) === 1,
          p.readUInt8(1) === 1,
          opcode === COMMAND.leSetExtendedScanEnable,
        );
      case COMMAND.leCreateConnection:
        return this.#createConnection(opcode, p.subarray(6, 12), parametersAt(p, 15));
      case COMMAND.leCreateExtendedConnection:
        return this.#createConnection(opcode, p.subarray(3, 9), parametersAt(p, 16));
      case COMMAND.leCancelConnection:
        return this.#cancelConnection(opcode);
      case COMMAND.disconnect:
        return this.#disconnect(opcode, p.readUInt16LE(0), p.readUInt8(2));
      case COMMAND.readRssi:
        return this.#readRssi(opcode, p.readUInt16LE(0));
      case COMMAND.leUpdateConnection:
        return this.#update(opcode, p.readUInt16LE(0), parametersAt(p, 4));
      case COMMAND.leStartEncryption:
        return this.#encrypt(opcode, p.readUInt16LE(0));
      default:
        return this.#host.complete(opcode, [STATUS.unknownCommand]);
    }
  }

  #setAdvertising(on: boolean): void {
    const opcode = COMMAND.leSetAdvertisingEnable;
    // A peripheral takes one connection only and does not advertise while it is connected.
    if (on && this.#connections.size > 0) return this.#host.complete(opcode, [STATUS.disallowed]);
    this.#host.done(opcode);
    if (on) this.#advertiser.start();
    else this.#advertiser.stop();
  }

  #advertise(): void {
    if (!this.#radioOn) return;
    const advertisements = this.#advertiser.advertisements(this.address);
    if (advertisements.length === 0) return;
    for (const other of this.#medium.othersThan(this)) other.onAdvertisements(this, advertisements);
  }

  #createConnection(opcode: number, address: Buffer, parameters: ConnectionParameters): void {
    if (this.#pending !== null) return this.#host.status(opcode, STATUS.disallowed);
    this.#pending = { address: Buffer.from(address), parameters };
    this.#host.status(opcode, STATUS.ok);
  }

  #cancelConnection(opcode: number): void {
    const pending = this.#pending;
    this.#pending = null;
    if (pending === null) return this.#host.complete(opcode, [STATUS.disallowed]);
    this.#host.done(opcode);
    const length = this.#enhancedEvents ? 29 : 17;
    const sub = this.#enhancedEvents ? LE_EVENT.enhancedConnected : LE_EVENT.connected;
    this.#host.event(EVENT.le, [sub, STATUS.unknownConnection, ...Buffer.alloc(length)]);
  }

  #connect(peer: Radio): boolean {
    const pending = this.#pending;
    if (pending === null) return false;
    const handle = this.#nextHandle++;
    const peerHandle = peer.acceptConnection(this, handle, pending.parameters);
    if (peerHandle === null) return false;
    this.#pending = null;
    this.#connections.set(handle, {
      peer,
      peerHandle,
      parameters: pending.parameters,
      broken: null,
      waiting: [],
    });
    this.#connected(handle, 0, peer.address, pending.parameters);
    return true;
  }

  #connected(handle: number, role: number, peer: Buffer, parameters: ConnectionParameters): void {
    const tail = [...u16(parameters.interval), ...u16(parameters.latency), ...u16(parameters.timeout), 0];
    const head = [STATUS.ok, ...u16(handle), role, 0, ...peer];
    if (!this.#enhancedEvents) return this.#host.event(EVENT.le, [LE_EVENT.connected, ...head, ...tail]);
    this.#host.event(EVENT.le, [LE_EVENT.enhancedConnected, ...head, ...Buffer.alloc(12), ...tail]);
  }

  #disconnect(opcode: number, handle: number, reason: number): void {
    const connection = this.#connections.get(handle);
    if (connection === undefined) return this.#host.status(opcode, STATUS.unknownConnection);
    this.#host.status(opcode, STATUS.ok);
    if (connection.broken === null) connection.peer.connectionLost(connection.peerHandle, reason);
    this.#removeConnection(handle, connection, STATUS.endedByHost);
  }

  #readRssi(opcode: number, handle: number): void {
    const connection = this.#connections.get(handle);
    if (connection === undefined)
      return this.#host.complete(opcode, [STATUS.unknownConnection, ...u16(handle), 0]);
    this.#host.done(opcode, [...u16(handle), i8(connection.peer.rssiDbm())]);
  }

  #update(opcode: number, handle: number, parameters: ConnectionParameters): void {
    const connection = this.#connections.get(handle);
    if (connection === undefined) return this.#host.status(opcode, STATUS.unknownConnection);
    this.#host.status(opcode, STATUS.ok);
    this.#updated(handle, connection, parameters);
    connection.peer.connectionUpdated(connection.peerHandle, parameters);
  }

  #updated(handle: number, connection: Connection, parameters: ConnectionParameters): void {
    connection.parameters = parameters;
    const { interval, latency, timeout } = parameters;
    const values = [...u16(interval), ...u16(latency), ...u16(timeout)];
    this.#host.event(EVENT.le, [LE_EVENT.connectionUpdated, STATUS.ok, ...u16(handle), ...values]);
  }

  #encrypt(opcode: number, handle: number): void {
    const connection = this.#connections.get(handle);
    if (connection === undefined) return this.#host.status(opcode, STATUS.unknownConnection);
    this.#host.status(opcode, STATUS.ok);
    this.connectionEncrypted(handle);
    connection.peer.connectionEncrypted(connection.peerHandle);
  }

  #data(packet: Buffer): void {
    const word = packet.readUInt16LE(1);
    const handle = word & 0x0fff;
    const connection = this.#connections.get(handle);
    if (connection === undefined || connection.broken !== null) return;
    const boundary = (word >> 12) & 3;
    const flags = (boundary === PACKET_START_UNFLUSHED ? PACKET_START : boundary) << 12;
    const data = Buffer.from(packet.subarray(5));
    const transmit = (): void => {
      if (this.#connections.get(handle) !== connection || connection.broken !== null) return;
      if (!this.#radioModel.losesData()) connection.peer.receiveData(connection.peerHandle, flags, data);
      this.#host.event(EVENT.completedPackets, [1, ...u16(handle), ...u16(1)]);
    };
    const eventMs = connection.parameters.interval * INTERVAL_UNIT_MS;
    const delayMs = this.#radioModel.dataDelayMs() + this.#radioModel.dataLosses() * eventMs;
    inOrder(connection.waiting, delayMs, transmit);
  }
}

function parametersAt(p: Buffer, offset: number): ConnectionParameters {
  return {
    interval: p.readUInt16LE(offset),
    latency: p.readUInt16LE(offset + 2),
    timeout: p.readUInt16LE(offset + 4),
  };
}
