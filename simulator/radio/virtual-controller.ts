import { Advertiser } from './advertiser.ts';
import type { Airborne, LinkTerms } from './radio.ts';
import { type Antenna, GOOD_ANTENNA } from './radio-model.ts';
import { addressBytes, COMMAND, EVENT, i8, LE_EVENT, leFeatures, PACKET, STATUS, u16 } from './hci.ts';
import { HostPort } from './hci-transport.ts';
import type { Sighting } from './advertising-reports.ts';
import { Scanner } from './scanner.ts';
import type { VirtualAir } from './radio-medium.ts';

export interface ControllerOptions {
  /** `AA:BB:CC:DD:01:02`. */
  readonly address: string;
  readonly antenna?: Antenna;
  /** Can scan for, and connect to, extended advertisements. Default true. */
  readonly extended?: boolean;
  /** What it advertises beside its host's own advertisement, in an extended one; asked each time. */
  readonly extendedAdvertisement?: () => Buffer | null;
  /** Its scan response in place of its host's; asked each time. */
  readonly liveScanResponse?: () => Buffer | null;
}

interface Link {
  readonly peer: Airborne;
  peerHandle: number;
  terms: LinkTerms;
  /** The radio is gone, and this end will notice after its supervision timeout. */
  broken: NodeJS.Timeout | null;
}

/** A connection that the host wants, until its address is heard. */
interface Wanted {
  readonly address: Buffer;
  readonly terms: LinkTerms;
}

const DATA_LENGTH = 251;
const DATA_BUFFERS = 8;
const FIRST_HANDLE = 0x40;
const VERSION_5_0 = 9;
const ENHANCED_MASK_BIT = 9;
const TIMEOUT_UNIT_MS = 10;
const PACKET_START_UNFLUSHED = 0;
const PACKET_START = 2;

/**
 * A Bluetooth LE controller: HCI packets from its host on one side, the virtual air on the other. One link as a
 * peripheral, any number as a central. Not there: classic Bluetooth, key checks (encryption is granted as asked),
 * data length extension, PHY changes.
 */
export class VirtualController implements Airborne {
  readonly address: Buffer;
  readonly #air: VirtualAir;
  readonly #antenna: Antenna;
  readonly #extended: boolean;
  readonly #advertiser: Advertiser;
  readonly #scanner = new Scanner();
  readonly #links = new Map<number, Link>();
  readonly #host = new HostPort();
  #wanted: Wanted | null = null;
  #nextHandle = FIRST_HANDLE;
  #enhancedEvents = false;
  #onAir = false;

  constructor(air: VirtualAir, options: ControllerOptions) {
    this.#air = air;
    this.address = addressBytes(options.address);
    this.#antenna = options.antenna ?? GOOD_ANTENNA;
    this.#extended = options.extended ?? true;
    const { extendedAdvertisement: extended = () => null, liveScanResponse = () => null } = options;
    this.#advertiser = new Advertiser(this.#antenna, { extended, liveScanResponse }, () => this.#advertise());
    this.onAir = true;
  }

  /** Where packets for the host go; never called from within `receive` of the same controller's host. */
  attach(send: (packet: Buffer) => void): void {
    this.#host.attach(send);
  }

  /** From now on it neither hears nor answers its host, or does again: a controller whose firmware hangs. */
  freeze(frozen: boolean): void {
    this.#host.frozen = frozen;
  }

  get onAir(): boolean {
    return this.#onAir;
  }

  /** Taken off the air it keeps what its host told it; its links break. */
  set onAir(on: boolean) {
    if (on === this.#onAir) return;
    this.#onAir = on;
    if (on) {
      this.#air.enter(this);
      this.#advertise();
    } else {
      this.breakLinks();
      this.#air.leave(this);
    }
  }

  get linkCount(): number {
    return this.#links.size;
  }

  close(): void {
    this.#clear();
    this.onAir = false;
    this.#host.attach(null);
  }

  /** Every link is gone as if out of range: each end notices when its supervision timeout is over. */
  breakLinks(): void {
    for (const [handle, link] of this.#links) {
      this.#breakEnd(handle, link);
      link.peer.linkLost(link.peerHandle, STATUS.supervisionTimeout);
    }
  }

  /** One packet of the host, its H4 type first. */
  receive(packet: Buffer): void {
    if (this.#host.frozen) return;
    if (packet[0] === PACKET.command) this.#command(packet.readUInt16LE(1), packet.subarray(4));
    else if (packet[0] === PACKET.acl) this.#data(packet);
  }

  rssiDbm(): number {
    return this.#antenna.rssiDbm();
  }

  hear(from: Airborne, sightings: readonly Sighting[]): void {
    if (this.#wanted !== null && this.#wanted.address.equals(from.address) && this.#connect(from)) return;
    for (const sighting of sightings) {
      const report = this.#scanner.report(sighting);
      if (report !== null) this.#host.event(EVENT.le, report);
    }
  }

  accept(central: Airborne, centralHandle: number, terms: LinkTerms): number | null {
    if (!this.#onAir || !this.#advertiser.connectable) return null;
    this.#advertiser.stop();
    const handle = this.#nextHandle++;
    this.#links.set(handle, { peer: central, peerHandle: centralHandle, terms, broken: null });
    this.#connected(handle, 1, central.address, terms);
    return handle;
  }

  deliver(handle: number, flags: number, data: Uint8Array): void {
    const link = this.#links.get(handle);
    if (link === undefined || link.broken !== null) return;
    this.#host.data(handle | flags, data);
  }

  linkUpdated(handle: number, terms: LinkTerms): void {
    const link = this.#links.get(handle);
    if (link !== undefined) this.#updated(handle, link, terms);
  }

  linkEncrypted(handle: number): void {
    if (this.#links.has(handle)) this.#host.event(EVENT.encryptionChanged, [STATUS.ok, ...u16(handle), 1]);
  }

  linkLost(handle: number, reason: number): void {
    const link = this.#links.get(handle);
    if (link === undefined) return;
    if (reason === STATUS.supervisionTimeout) this.#breakEnd(handle, link);
    else this.#drop(handle, link, reason);
  }

  #breakEnd(handle: number, link: Link): void {
    if (link.broken !== null) return;
    const afterMs = link.terms.timeout * TIMEOUT_UNIT_MS * this.#air.timeScale;
    link.broken = setTimeout(() => this.#drop(handle, link, STATUS.supervisionTimeout), afterMs);
    link.broken.unref();
  }

  #drop(handle: number, link: Link, reason: number): void {
    if (!this.#links.delete(handle)) return;
    clearTimeout(link.broken ?? undefined);
    this.#host.event(EVENT.disconnected, [STATUS.ok, ...u16(handle), reason]);
  }

  /** As after power-on; peers see their links end. */
  #clear(): void {
    this.#advertiser.stop();
    this.#scanner.enable(false, false, false);
    this.#wanted = null;
    for (const [handle, link] of this.#links) {
      this.#links.delete(handle);
      clearTimeout(link.broken ?? undefined);
      if (link.broken === null) link.peer.linkLost(link.peerHandle, STATUS.supervisionTimeout);
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
        // LE, and no classic Bluetooth.
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
        return this.#want(opcode, p.subarray(6, 12), termsAt(p, 15));
      case COMMAND.leCreateExtendedConnection:
        return this.#want(opcode, p.subarray(3, 9), termsAt(p, 16));
      case COMMAND.leCancelConnection:
        return this.#cancel(opcode);
      case COMMAND.disconnect:
        return this.#disconnect(opcode, p.readUInt16LE(0), p.readUInt8(2));
      case COMMAND.readRssi:
        return this.#readRssi(opcode, p.readUInt16LE(0));
      case COMMAND.leUpdateConnection:
        return this.#update(opcode, p.readUInt16LE(0), termsAt(p, 4));
      case COMMAND.leStartEncryption:
        return this.#encrypt(opcode, p.readUInt16LE(0));
      default:
        return this.#host.complete(opcode, [STATUS.unknownCommand]);
    }
  }

  #setAdvertising(on: boolean): void {
    const opcode = COMMAND.leSetAdvertisingEnable;
    // One link as a peripheral is all it can: while that stands it cannot offer another.
    if (on && this.#links.size > 0) return this.#host.complete(opcode, [STATUS.disallowed]);
    this.#host.done(opcode);
    if (on) this.#advertiser.start();
    else this.#advertiser.stop();
  }

  #advertise(): void {
    if (!this.#onAir) return;
    const sightings = this.#advertiser.sightings(this.address);
    if (sightings.length === 0) return;
    for (const other of this.#air.others(this)) other.hear(this, sightings);
  }

  #want(opcode: number, address: Buffer, terms: LinkTerms): void {
    if (this.#wanted !== null) return this.#host.status(opcode, STATUS.disallowed);
    this.#wanted = { address: Buffer.from(address), terms };
    this.#host.status(opcode, STATUS.ok);
  }

  #cancel(opcode: number): void {
    const wanted = this.#wanted;
    this.#wanted = null;
    if (wanted === null) return this.#host.complete(opcode, [STATUS.disallowed]);
    this.#host.done(opcode);
    const length = this.#enhancedEvents ? 29 : 17;
    const sub = this.#enhancedEvents ? LE_EVENT.enhancedConnected : LE_EVENT.connected;
    this.#host.event(EVENT.le, [sub, STATUS.unknownConnection, ...Buffer.alloc(length)]);
  }

  #connect(peer: Airborne): boolean {
    const wanted = this.#wanted;
    if (wanted === null) return false;
    const handle = this.#nextHandle++;
    const peerHandle = peer.accept(this, handle, wanted.terms);
    if (peerHandle === null) return false;
    this.#wanted = null;
    this.#links.set(handle, { peer, peerHandle, terms: wanted.terms, broken: null });
    this.#connected(handle, 0, peer.address, wanted.terms);
    return true;
  }

  #connected(handle: number, role: number, peer: Buffer, terms: LinkTerms): void {
    const tail = [...u16(terms.interval), ...u16(terms.latency), ...u16(terms.timeout), 0];
    const who = [STATUS.ok, ...u16(handle), role, 0, ...peer];
    if (!this.#enhancedEvents) return this.#host.event(EVENT.le, [LE_EVENT.connected, ...who, ...tail]);
    this.#host.event(EVENT.le, [LE_EVENT.enhancedConnected, ...who, ...Buffer.alloc(12), ...tail]);
  }

  #disconnect(opcode: number, handle: number, reason: number): void {
    const link = this.#links.get(handle);
    if (link === undefined) return this.#host.status(opcode, STATUS.unknownConnection);
    this.#host.status(opcode, STATUS.ok);
    if (link.broken === null) link.peer.linkLost(link.peerHandle, reason);
    this.#drop(handle, link, STATUS.endedByHost);
  }

  #readRssi(opcode: number, handle: number): void {
    const link = this.#links.get(handle);
    if (link === undefined) return this.#host.complete(opcode, [STATUS.unknownConnection, ...u16(handle), 0]);
    this.#host.done(opcode, [...u16(handle), i8(link.peer.rssiDbm())]);
  }

  #update(opcode: number, handle: number, terms: LinkTerms): void {
    const link = this.#links.get(handle);
    if (link === undefined) return this.#host.status(opcode, STATUS.unknownConnection);
    this.#host.status(opcode, STATUS.ok);
    this.#updated(handle, link, terms);
    link.peer.linkUpdated(link.peerHandle, terms);
  }

  #updated(handle: number, link: Link, terms: LinkTerms): void {
    link.terms = terms;
    const { interval, latency, timeout } = terms;
    const values = [...u16(interval), ...u16(latency), ...u16(timeout)];
    this.#host.event(EVENT.le, [LE_EVENT.connectionUpdated, STATUS.ok, ...u16(handle), ...values]);
  }

  #encrypt(opcode: number, handle: number): void {
    const link = this.#links.get(handle);
    if (link === undefined) return this.#host.status(opcode, STATUS.unknownConnection);
    this.#host.status(opcode, STATUS.ok);
    this.linkEncrypted(handle);
    link.peer.linkEncrypted(link.peerHandle);
  }

  #data(packet: Buffer): void {
    const word = packet.readUInt16LE(1);
    const handle = word & 0x0fff;
    const link = this.#links.get(handle);
    if (link === undefined || link.broken !== null) return;
    const boundary = (word >> 12) & 3;
    const flags = (boundary === PACKET_START_UNFLUSHED ? PACKET_START : boundary) << 12;
    const data = Buffer.from(packet.subarray(5));
    const go = (): void => {
      if (this.#links.get(handle) !== link || link.broken !== null) return;
      if (!this.#antenna.losesData()) link.peer.deliver(link.peerHandle, flags, data);
      this.#host.event(EVENT.completedPackets, [1, ...u16(handle), ...u16(1)]);
    };
    const delayMs = this.#antenna.dataDelayMs();
    if (delayMs > 0) setTimeout(go, delayMs).unref();
    else go();
  }
}

function termsAt(p: Buffer, offset: number): LinkTerms {
  return {
    interval: p.readUInt16LE(offset),
    latency: p.readUInt16LE(offset + 2),
    timeout: p.readUInt16LE(offset + 4),
  };
}
