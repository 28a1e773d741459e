/** A recipe whose steps only compare a value with its limits, to measure the overhead of the executor. */
export function noOpRecipe(phases: number, stepsOfPhase: number): string {
  const step = (phase: number, at: number): string =>
    `      - { verb: measure, name: s${phase}-${at}, value: '3.3', measure: [{ name: v${phase}-${at}, as: number, unit: V, limits: { min: 3.1, max: 3.5 } }] }`;
  const phase = (index: number): string =>
    [
      `  - name: p${index}`,
      '    steps:',
      ...Array.from({ length: stepsOfPhase }, (_, at) => step(index, at)),
    ].join('\n');
  return `gongwei: recipe/1
name: no-op
version: 1.0.0
title: { zh-CN: 空步骤, en: No-op }
product: CS0SLTKSYA
serialNumber: { pattern: 'SN\\d{8}', example: SN00000001 }
device:
  profile: described
  identify: [{ text: id, expect: '(?<mac>[0-9A-F]{12})' }]
phases:
${Array.from({ length: phases }, (_, index) => phase(index)).join('\n')}
`;
}
