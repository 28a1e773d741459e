/** The phone side of Tencent's app, run from its own packages, as a peer of the simulated units and of the station. */
export { AppCloud, type AppModel } from './app-cloud.ts';
export {
  type BlufiApp,
  type LlsyncApp,
  loadTencentApp,
  type ProvisioningApp,
  unitInApp,
} from './packages.ts';
export { PhoneBluetooth } from './phone-bluetooth.ts';
