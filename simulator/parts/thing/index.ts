/** The thing model (物模型) of a device over MQTT: property reports, control, actions and events. */
export { matchesDefinition } from './matches-definition.ts';
export { Thing } from './thing.ts';
export type { ActionResult, ThingConnection, ThingOptions } from './thing.ts';
export type { Define, ThingModel } from './thing-model.ts';
