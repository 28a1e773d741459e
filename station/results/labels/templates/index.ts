/** Labels from templates: reading a template, checking it, and drawing it with the values of a run. */
export { checkTemplate, sampleValuesOf } from './check-template.ts';
export { layoutTemplate, requireTemplateDrawing } from './layout-template.ts';
export { readTemplate, readTemplateData, type ReadTemplate, type TemplateIssue } from './read-template.ts';
