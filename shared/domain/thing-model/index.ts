/** Thing models (物模型): what a product says of itself to the cloud, and whether a device keeps to it. */
export { checkReported, type ModelIssue } from './check-reported.ts';
export { parseThingModel, type ThingModel } from './thing-model.ts';
