/** JSON texts from a user of the simulator, checked against their schemas. */
export { parseCheckedJson, readCheckedJson } from './checked-json.ts';
