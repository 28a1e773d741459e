/** Thing models (物模型): the properties, events and actions of a product, and the check of reported values. */
export { checkReported, type ModelIssue } from './check-reported.ts';
export { parseThingModel, type ThingModel, type ThingModelProblem } from './thing-model.ts';
