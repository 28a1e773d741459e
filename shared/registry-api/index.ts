/**
 * The HTTP contract between stations and the device registry, in zod: both sides check requests and answers with it.
 */
export * from './audit.ts';
export * from './bind-tokens.ts';
export * from './device-events.ts';
export * from './device-owners.ts';
export * from './devices.ts';
export * from './error.ts';
export * from './events.ts';
export * from './firmware.ts';
export * from './health.ts';
export * from './leases.ts';
export * from './login-proof.ts';
export * from './ota.ts';
export * from './paths.ts';
export * from './products.ts';
export * from './refusals.ts';
export * from './registration.ts';
export * from './station-headers.ts';
export * from './station-keys.ts';
export * from './events.ts';
export * from './stations.ts';
export * from './station-reports.ts';
export * from './station-runs.ts';
export * from './control.ts';
