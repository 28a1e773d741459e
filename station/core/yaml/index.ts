/** YAML that engineers write: read within bounds, with mistakes in plain words and their positions. */
export { readYaml, type ReadYaml, readYamlData } from './read-yaml.ts';
export { writeYaml } from './write-yaml.ts';
export { yamlText } from './yaml-texts.ts';
export { type Position, positionsIn, type Positions } from './yaml-positions.ts';
export type { YamlProblem } from './yaml-messages.ts';
