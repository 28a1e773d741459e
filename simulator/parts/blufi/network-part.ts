import type { DeviceContext } from '../../profiles/profile.ts';
import type { TokenReply, WifiUnit } from '../provisioning/index.ts';
import type { Tasks } from '../tasks.ts';
import type { JoinResult } from '../wifi/index.ts';
import { type DialectTypes, TYPE } from './dialect.ts';
import { REPORTED } from './frames.ts';
import type { Sender } from './sender.ts';

/** What the firmware uses of the unit's Wi-Fi. */
export type UnitNetwork = Pick<WifiUnit, 'wifi' | 'join' | 'logIn' | 'reportToken' | 'close'>;

export interface NetworkPartOptions {
  readonly context: DeviceContext;
  readonly dialect: DialectTypes;
  readonly sender: Sender;
  readonly wifi: UnitNetwork;
  readonly tasks: Tasks;
}

/** Second byte of a report. */
const STATE = { joined: 0, failed: 1, joining: 2, noAddress: 3 } as const;
const STATION_MODE = 1;
/** Types of values in a report. */
const VALUE = { bssid: 0x01, ssid: 0x02, endReason: 0x15, endRssi: 0x16 } as const;
const BSSID = Buffer.from('021122334455', 'hex');
const LONGEST_LIST = 10;

/** Why joining ended: a reason of IEEE 802.11, or from 200 one of Espressif. */
const REASONS: Readonly<Record<Exclude<JoinResult, 'joined' | 'no-address'>, number>> = {
  'wrong-password': 15,
  'no-such-network': 201,
  refused: 203,
  'time-out': 205,
};
/** What firmware tells the phone about a token without an answer of the cloud. */
const NO_ANSWER = 408;
const UNAVAILABLE = 503;

/** Mode, network, join, token: what comes after frames and keys. */
export class NetworkPart {
  readonly #options: NetworkPartOptions;
  #ssid = '';
  #password = '';
  #mode = 0;
  /** `null` before the phone has asked to join. */
  #result: JoinResult | 'joining' | null = null;

  constructor(options: NetworkPartOptions) {
    this.#options = options;
  }

  /** A connection has begun or ended: what was not used for joining is forgotten. */
  reset(): void {
    this.#ssid = '';
    this.#password = '';
    this.#mode = 0;
    if (this.#options.wifi.wifi.joined === null) this.#result = null;
  }

  async handle(type: number, body: Buffer, signal: AbortSignal): Promise<void> {
    const { dialect, sender, tasks } = this.#options;
    switch (type) {
      case TYPE.mode:
        this.#mode = body[0] ?? 0;
        return this.#disturb('mode');
      case TYPE.ssid:
        this.#ssid = body.toString('utf8');
        return this.#disturb('network');
      case TYPE.password:
        this.#password = body.toString('utf8');
        return this.#disturb('network');
      case TYPE.join:
        // While it joins it answers further frames.
        return tasks.track(this.#join(signal));
      case dialect.askState:
        return sender.say('state', dialect.state, this.#report(), signal);
      case TYPE.askNetworks:
        return this.#list(signal);
      case dialect.log?.ask:
        return sender.say('version', dialect.log?.say ?? 0, Buffer.from(this.#log()), signal);
      case dialect.token:
        if (sender.take('token', 'drop') !== null) return sender.breakLink();
        return tasks.track(this.#takeToken(tokenIn(body), signal));
      default:
    }
  }

  /** Faults of messages without an answer of their own. */
  #disturb(stage: 'mode' | 'network'): void {
    const { sender } = this.#options;
    if (sender.take(stage, 'drop') !== null) return sender.breakLink();
    const error = sender.take(stage, 'error');
    if (error !== null) sender.sayPlain(TYPE.error, error.code);
  }

  async #join(signal: AbortSignal): Promise<void> {
    const { wifi, sender, dialect } = this.#options;
    this.#result = 'joining';
    const result =
      this.#mode === STATION_MODE ? await wifi.join(this.#ssid, this.#password, signal) : 'refused';
    this.#result = sender.take('join', 'refuse') === null ? result : 'refused';
    // ESP-IDF's example reports a join by itself, and a failure when it is asked; Tencent's documents want both.
    if (this.#result === 'joined' || dialect.tellsBinding)
      await sender.say('join', dialect.state, this.#report(), signal);
  }

  #report(): Buffer {
    const { wifi } = this.#options.wifi;
    const head = (state: number): Buffer => Buffer.of(this.#mode, state, 0);
    switch (this.#result) {
      case 'joining':
        return head(STATE.joining);
      case 'joined': {
        const name = value(VALUE.ssid, Buffer.from(wifi.joined?.ssid ?? this.#ssid));
        // Tencent's app takes the first value for the name.
        const values = this.#options.dialect.tellsBinding ? [name] : [value(VALUE.bssid, BSSID), name];
        return Buffer.concat([head(STATE.joined), ...values]);
      }
      case 'no-address':
        return Buffer.concat([head(STATE.noAddress), value(VALUE.ssid, Buffer.from(this.#ssid))]);
      case null:
        return head(STATE.failed);
      default: {
        const reason = value(VALUE.endReason, Buffer.of(REASONS[this.#result]));
        const rssi = this.#options.context.wifi.find(this.#ssid)?.rssiDbm;
        const seen = rssi === undefined ? [] : [value(VALUE.endRssi, Buffer.of(rssi & 0xff))];
        return Buffer.concat([head(STATE.failed), reason, ...seen]);
      }
    }
  }

  /** What the unit answers when it is asked for its log. */
  #log(): string {
    return this.#result === null || this.#result === 'joined' ? 'no error' : `wifi: ${this.#result}`;
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { sender, wifi } = this.#options;
    const refused = sender.take('list', 'refuse');
    if (refused !== null) return sender.sayPlain(TYPE.error, REPORTED.scan);
    const seen = await wifi.wifi.scan(signal);
    const entries = seen.slice(0, LONGEST_LIST).map(({ ssid, rssiDbm }) => {
      const name = Buffer.from(ssid);
      return Buffer.concat([Buffer.of(1 + name.length, rssiDbm & 0xff), name]);
    });
    await sender.say('list', TYPE.networks, Buffer.concat(entries), signal);
  }

  /** Logs in, reports the token, and tells the phone what became of it where the dialect does that. */
  async #takeToken(token: string, signal: AbortSignal): Promise<void> {
    const { wifi, sender, dialect, context } = this.#options;
    const result = token === '' ? 'refused' : await wifi.logIn(signal);
    const reply = result === 'online' ? await wifi.reportToken(token) : null;
    if (!dialect.tellsBinding) return;
    const { productId = '', deviceName = '' } = context.flash.identity ?? {};
    const status = sender.take('token', 'refuse') === null ? statusOf(reply) : UNAVAILABLE;
    const name = dialect.log === null ? { productId } : { productID: productId };
    const text = JSON.stringify({ status, ...name, deviceName });
    await sender.say('token', dialect.token, Buffer.from(`${text}\r\n`), signal);
  }
}

function statusOf(reply: TokenReply | null): number {
  if (reply === null || reply === 'not-sent') return UNAVAILABLE;
  return reply === 'no-reply' ? NO_ANSWER : reply.code;
}

function value(type: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of(type, bytes.length), bytes]);
}

/** Applications take the token as it is, or as a member of a JSON object. */
function tokenIn(body: Buffer): string {
  const text = body.toString('utf8');
  if (!text.startsWith('{')) return text;
  try {
    const { token } = JSON.parse(text) as { readonly token?: unknown };
    return typeof token === 'string' ? token : '';
  } catch {
    return '';
  }
}
