/** A device as its thing model (物模型) has it: reports, obeys, acts and posts events over MQTT. */
export { matchesDefinition } from './matches-definition.ts';
export { Thing } from './thing.ts';
export type { ActionResult, ThingConnection, ThingOptions } from './thing.ts';
export type { Define, ThingModel } from './thing-model.ts';
