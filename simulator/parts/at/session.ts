import type { DeviceContext } from '../../profiles/profile.ts';
import type { MqttConnection } from './mqtt-connection.ts';
import type { Dialect } from './dialect.ts';
import type { Invocation } from './parse-command.ts';
import type { ModuleFirmware } from './firmware.ts';
import type { AppProvisioning } from './app-provisioning.ts';
import type { ReplyWriter } from './reply-writer.ts';
import type { MqttParameters } from './mqtt-parameters.ts';
import type { UpdateFlash } from './update-flash.ts';
import type { StationNetwork } from './station-network.ts';

/** The module's state from boot to restart, without its flash. */
export interface Memory {
  echo: boolean;
  /** Host of `AT+TCMQTTSRV`, instead of the product's default. */
  mqttServer: string | null;
  mqtt: MqttParameters | null;
  /** Topic filter to QoS, for the subscriptions by AT command. */
  readonly subscriptions: Map<string, 0 | 1>;
  ota: { readonly enabled: boolean; readonly version: string } | null;
  /** How much of the cached firmware the host has read. */
  firmwareOffset: number;
  /** Level of `AT+TCLOG`: 0 none to 4 debug. */
  logLevel: number;
}

/** The state after boot. The echo is on. */
export function initialMemory(): Memory {
  return {
    echo: true,
    mqttServer: null,
    mqtt: null,
    subscriptions: new Map(),
    ota: null,
    firmwareOffset: 0,
    logLevel: 1,
  };
}

/** Product information for dynamic registration. It survives a restart of the module, but not of the simulator. */
export interface ProductInfo {
  readonly productId: string;
  readonly productSecret: string;
  readonly deviceName: string;
  readonly region: string;
}

/** The session of commands, from boot to power-off or restart. */
export interface Session {
  readonly context: DeviceContext;
  readonly dialect: Dialect;
  readonly write: ReplyWriter;
  readonly connection: MqttConnection;
  readonly firmware: ModuleFirmware;
  /** Kept by the module across restarts. */
  readonly network: StationNetwork;
  /** The provisioning by an app. Its errors are kept across restarts. */
  readonly provisioning: AppProvisioning;
  readonly memory: Memory;
  /** Kept by the module across restarts. */
  readonly ota: UpdateFlash;
  /** Aborts at power-off and restart, and with it all running commands. */
  readonly signal: AbortSignal;
  /** Kept by the module across restarts. */
  readonly product: { info: ProductInfo | null };
  /** Reads the next `length` raw bytes and a line end; `null` after the timeout, and when the payload is aborted. */
  readonly readPayload: (length: number, timeoutMs: number) => Promise<Uint8Array | null>;
  /** Restarts the module. The command must return at once. */
  readonly restart: () => void;
  /** Registers background work. Power-off waits until it has ended. */
  readonly track: (work: Promise<void>) => void;
}

/** Executes one command. The next one is refused until the promise resolves. */
export type Command = (session: Session, invocation: Invocation) => Promise<void>;

/** Waits the module's response time to a command. */
export function responseDelay(session: Session): Promise<void> {
  return session.context.wait(session.context.random.integer(10, 30), session.signal);
}

/** Waits the time to erase and program a flash sector. */
export function flashWriteDelay(session: Session): Promise<void> {
  return session.context.wait(session.context.random.integer(60, 150), session.signal);
}
