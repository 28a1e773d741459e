import { createRequire } from 'node:module';
import type { AppCloud } from './app-cloud.ts';
import type { PhoneBluetooth, PhoneListener } from './phone-bluetooth.ts';

/** What the app finds in an advertisement; null: not its kind of unit. */
export interface FoundUnit {
  readonly productId: string;
  readonly serviceId: string;
  readonly extendInfo: object;
}

/** An advertisement as a phone has it; the data begin with the company. */
export interface PhoneAdvertisement {
  readonly deviceId: string;
  readonly name: string;
  readonly advertisServiceUUIDs: readonly string[];
  readonly advertisData: ArrayBuffer;
}

/** One unit in the app, by the data service of LLSync. */
export interface LlsyncApp extends PhoneListener {
  readonly otaVersion: string;
  connectDevice(): Promise<void>;
  bindDevice(of: { readonly familyId: string; readonly roomId: string }): Promise<string>;
  authenticateConnection(of: { readonly deviceName: string }): Promise<void>;
  controlDevice(of: { readonly deviceData: object }): Promise<void>;
  controlAction(of: { readonly actionData: object }): Promise<void>;
  startOta(of: { readonly onProgress: () => void }): Promise<object>;
  unbindDevice(of: { readonly familyId: string; readonly deviceName: string }): Promise<void>;
}

/** One unit in the app while it is provisioned over FFF0. */
export interface ProvisioningApp extends PhoneListener {
  readonly deviceName: string;
  connectDevice(): Promise<void>;
  setWiFiMode(): Promise<boolean>;
  setWiFiInfo(of: { readonly ssid: string; readonly password: string }): Promise<boolean>;
  sendConnectWiFiAndGetWiFiConnectState(): Promise<{ readonly connected: boolean; readonly ssid: string }>;
  sendToken(of: { readonly token: string }): Promise<boolean>;
}

/** One unit in the app while it is provisioned over FFFF. */
export interface BlufiApp extends PhoneListener {
  /** 1: its log answered the question for its version; 2 and more: that of its answer. */
  readonly version: number;
  connectDevice(): Promise<void>;
  sendSwitchWiFi(): Promise<unknown>;
  sendSsid(ssid: string): Promise<unknown>;
  sendPassword(password: string): Promise<unknown>;
  /** The SSID of the unit, bytes in hex. */
  getWifiConnectState(): Promise<readonly string[]>;
  getCustomData(of: {
    readonly mode: number;
    readonly subType: number;
    readonly data: string;
  }): Promise<unknown>;
}

interface UnitOptions {
  readonly deviceId: string;
  readonly productId: string;
  readonly deviceName: string;
  readonly name: string;
  readonly actions: object;
  readonly bluetoothApi: PhoneBluetooth;
  readonly extendInfo: object;
}

/** A class of the packages that stands for one kind of unit. */
export interface UnitClass<App> {
  new (options: UnitOptions): App;
  readonly serviceId: string;
  injectOptions(options: { readonly appDevSdk: AppCloud }): void;
  deviceFilter(of: PhoneAdvertisement, wanted: object): FoundUnit | null;
}

/** The phone side of Tencent's app 腾讯连连, as its packages for mini-programs are. */
export interface TencentApp {
  readonly Llsync: UnitClass<LlsyncApp>;
  readonly Provisioning: UnitClass<ProvisioningApp>;
  readonly Blufi: UnitClass<BlufiApp>;
}

type Base = new (...options: unknown[]) => object;

const ADAPTER = 'qcloud-iotexplorer-bluetooth-adapter';

/** Loads the packages. They need no WeChat: what they use of it is given to each unit. */
export function loadTencentApp(): TencentApp {
  const load = createRequire(import.meta.url);
  const path = load.resolve(ADAPTER);
  const adapter = load(ADAPTER) as Readonly<Record<string, unknown>>;
  const module = load.cache[path];
  if (module === undefined) throw new Error(`${ADAPTER} is not loaded`);
  // Its own factories are compiled for old engines, and cannot extend the classes of the younger package.
  const extended = (base: Base): Base => class extends base {};
  module.exports = { ...adapter, AdapterDeviceAdapter4Mp: extended, AdapterDeviceAdapter4H5: extended };
  const llsync = load(`${ADAPTER}-llsync`) as { readonly LLSyncDeviceAdapter: UnitClass<LlsyncApp> };
  const combo = load('qcloud-iotexplorer-appdev-plugin-wificonf-blecombo') as {
    readonly BleComboLLSyncDeviceAdapter: UnitClass<ProvisioningApp>;
    readonly BleComboEspDeviceAdapter: UnitClass<BlufiApp>;
  };
  return {
    Llsync: llsync.LLSyncDeviceAdapter,
    Provisioning: combo.BleComboLLSyncDeviceAdapter,
    Blufi: combo.BleComboEspDeviceAdapter,
  };
}

/** A unit in the app, connected to the phone's Bluetooth. */
export function unitInApp<App extends PhoneListener>(
  Unit: UnitClass<App>,
  bluetoothApi: PhoneBluetooth,
  { productId, extendInfo }: Pick<FoundUnit, 'productId' | 'extendInfo'>,
): App {
  const of = { deviceId: 'AA:BB:CC:DD:01:02', deviceName: '', name: 'Unit', actions: {} };
  const app = new Unit({ ...of, productId, extendInfo, bluetoothApi });
  bluetoothApi.listener = app;
  return app;
}
