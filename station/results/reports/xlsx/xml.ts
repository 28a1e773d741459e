export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** Namespaces of the parts of a workbook; ECMA-376 part 1 (transitional), as all spreadsheets write them. */
export const NAMESPACES = {
  sheet: 'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
  relationship: 'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
  relationships: 'http://schemas.openxmlformats.org/package/2006/relationships',
  contentTypes: 'http://schemas.openxmlformats.org/package/2006/content-types',
  drawing: 'http://schemas.openxmlformats.org/drawingml/2006/main',
  sheetDrawing: 'http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing',
  chart: 'http://schemas.openxmlformats.org/drawingml/2006/chart',
} as const;

/** A part with the relationships of another one. */
export function relationshipsXml(
  relations: readonly { readonly id: string; readonly kind: string; readonly target: string }[],
): string {
  const items = relations.map(
    ({ id, kind, target }) =>
      `<Relationship Id="${id}" Type="${NAMESPACES.relationship}/${kind}" Target="${target}"/>`,
  );
  return `${XML_DECLARATION}<Relationships xmlns="${NAMESPACES.relationships}">${items.join('')}</Relationships>`;
}
