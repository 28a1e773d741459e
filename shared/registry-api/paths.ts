/**
 * All paths of the registry. `:name` stands for a URI-encoded value.
 */
export const REGISTRY_PATH = {
  health: '/v1/health',
  enrol: '/v1/enrol',
  products: '/v1/products',
  product: '/v1/products/:productId',
  productRegistration: '/v1/products/:productId/registration',
  leases: '/v1/leases',
  leaseReturn: '/v1/leases/:leaseId/return',
  events: '/v1/events',
  audit: '/v1/audit',
  stationRuns: '/v1/station/runs',
  stationReports: '/v1/station/reports',
  stationReport: '/v1/station/reports/:reportId',
  stationKeys: '/v1/station/keys',
  stationKey: '/v1/station-keys/:keyId',
  devices: '/v1/devices',
  device: '/v1/devices/:productId/:deviceName',
  deviceControl: '/v1/devices/:productId/:deviceName/control',
  deviceOta: '/v1/devices/:productId/:deviceName/ota',
  deviceOtaCancel: '/v1/devices/:productId/:deviceName/ota/cancel',
  deviceLogin: '/v1/devices/:productId/:deviceName/login',
  deviceOwner: '/v1/devices/:productId/:deviceName/owner',
  deviceUnbind: '/v1/devices/:productId/:deviceName/unbind',
  deviceEvents: '/v1/devices/:productId/:deviceName/events',
  bindTokens: '/v1/bind-tokens',
  bindToken: '/v1/bind-tokens/:tokenId',
  bindTokenBind: '/v1/bind-tokens/:tokenId/bind',
  bindTokenWithdraw: '/v1/bind-tokens/:tokenId/withdraw',
  refusals: '/v1/refusals',
  unit: '/v1/units/:chipId',
  firmware: '/v1/firmware',
  firmwareUploads: '/v1/firmware/uploads',
  firmwareUpload: '/v1/firmware/uploads/:firmwareId',
  firmwareComplete: '/v1/firmware/uploads/:firmwareId/complete',
  firmwareOne: '/v1/firmware/:firmwareId',
  firmwareState: '/v1/firmware/:firmwareId/state',
  firmwareFile: '/v1/firmware/:firmwareId/file',
} as const;

type NamesIn<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<Rest>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;

/** A path pattern filled in: `fillPath(REGISTRY_PATH.unit, { chipId })`. */
export function fillPath<P extends string>(pattern: P, values: Readonly<Record<NamesIn<P>, string>>): string {
  const lookup: Readonly<Record<string, string>> = values;
  return pattern.replace(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(lookup[name] ?? ''));
}
