import { xmlText } from '#shared/codec/xml-text.ts';
import { columnName } from './column-name.ts';
import { NAMESPACES, XML_DECLARATION } from './xml.ts';

/** A chart of two columns of the sheet on which it stands. Columns and rows are counted from 0; row 0 is the header. */
export interface Chart {
  readonly kind: 'bars' | 'line';
  readonly title: string;
  readonly labelColumn: number;
  readonly valueColumn: number;
  /** The last row that is shown. */
  readonly lastRow: number;
  /** Where its top left corner is. */
  readonly at: { readonly column: number; readonly row: number };
  /** Number format of the axis, for example `0%`. */
  readonly format: string;
}

const SIZE = { columns: 9, rows: 20 } as const;
const AXES = { labels: 111_111_111, values: 222_222_222 } as const;

/** The drawing of a sheet with its charts. Source: ECMA-376 part 1, 20.5. */
export function drawingXml(charts: readonly Chart[]): string {
  const anchors = charts.map(({ at, title }, index) => {
    const [toColumn, toRow] = [at.column + SIZE.columns, at.row + SIZE.rows];
    return (
      `<xdr:twoCellAnchor><xdr:from><xdr:col>${at.column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>${at.row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>` +
      `<xdr:to><xdr:col>${toColumn}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>${toRow}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>` +
      `<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="${index + 2}" name="${xmlText(title)}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>` +
      `<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="${NAMESPACES.chart}">` +
      `<c:chart xmlns:c="${NAMESPACES.chart}" r:id="rId${index + 1}"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor>`
    );
  });
  return (
    `${XML_DECLARATION}<xdr:wsDr xmlns:xdr="${NAMESPACES.sheetDrawing}" xmlns:a="${NAMESPACES.drawing}" xmlns:r="${NAMESPACES.relationship}">` +
    `${anchors.join('')}</xdr:wsDr>`
  );
}

/** A chart. Its values are those of the sheet, so that they change with it. Source: ECMA-376 part 1, 21.2. */
export function chartXml(chart: Chart, sheetName: string): string {
  const { kind, title, labelColumn, valueColumn } = chart;
  const axes = `<c:axId val="${AXES.labels}"/><c:axId val="${AXES.values}"/>`;
  const series =
    `<c:ser><c:idx val="0"/><c:order val="0"/><c:tx><c:strRef><c:f>${place(sheetName, valueColumn, 0, 0)}</c:f></c:strRef></c:tx>` +
    (kind === 'bars'
      ? '<c:spPr><a:solidFill><a:srgbClr val="2F6DB5"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>'
      : '<c:spPr><a:ln w="22225"><a:solidFill><a:srgbClr val="2F6DB5"/></a:solidFill></a:ln></c:spPr><c:marker><c:symbol val="circle"/><c:size val="5"/></c:marker>') +
    `<c:cat><c:strRef><c:f>${place(sheetName, labelColumn, 1, chart.lastRow)}</c:f></c:strRef></c:cat>` +
    `<c:val><c:numRef><c:f>${place(sheetName, valueColumn, 1, chart.lastRow)}</c:f></c:numRef></c:val>` +
    `${kind === 'line' ? '<c:smooth val="0"/>' : ''}</c:ser>`;
  const plot =
    kind === 'bars'
      ? `<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>${series}<c:gapWidth val="60"/>${axes}</c:barChart>`
      : `<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>${series}<c:marker val="1"/>${axes}</c:lineChart>`;
  return (
    `${XML_DECLARATION}<c:chartSpace xmlns:c="${NAMESPACES.chart}" xmlns:a="${NAMESPACES.drawing}" xmlns:r="${NAMESPACES.relationship}">` +
    `<c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:rPr lang="en" sz="1200" b="1"/><a:t>${xmlText(title)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>` +
    `<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>${plot}` +
    `<c:catAx><c:axId val="${AXES.labels}"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="0"/><c:tickLblPos val="nextTo"/><c:crossAx val="${AXES.values}"/></c:catAx>` +
    `<c:valAx><c:axId val="${AXES.values}"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="D5DBE2"/></a:solidFill></a:ln></c:spPr></c:majorGridlines><c:numFmt formatCode="${xmlText(chart.format)}" sourceLinked="0"/><c:tickLblPos val="nextTo"/><c:crossAx val="${AXES.labels}"/></c:valAx>` +
    `</c:plotArea><c:plotVisOnly val="1"/></c:chart></c:chartSpace>`
  );
}

function place(sheetName: string, column: number, fromRow: number, toRow: number): string {
  const name = columnName(column);
  const quoted = `'${sheetName.replaceAll("'", "''")}'`;
  const range =
    fromRow === toRow ? `$${name}$${fromRow + 1}` : `$${name}$${fromRow + 1}:$${name}$${toRow + 1}`;
  return xmlText(`${quoted}!${range}`);
}
