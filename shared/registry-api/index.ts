/**
 * This module is for agreement: the HTTP contract between a station and the device registry, in zod, so that both
 * sides check what they send and hear without knowing each other.
 */
export * from './audit.ts';
export * from './devices.ts';
export * from './error.ts';
export * from './events.ts';
export * from './firmware.ts';
export * from './health.ts';
export * from './leases.ts';
export * from './login-proof.ts';
export * from './paths.ts';
export * from './products.ts';
export * from './refusals.ts';
export * from './station-headers.ts';
export * from './secret-proof.ts';
export * from './stations.ts';
export * from './station-runs.ts';
export * from './control.ts';
