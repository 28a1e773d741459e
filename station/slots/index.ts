/** The fixture positions: which unit is on which slot, what may start, what waits for a person. */
export { admit } from './admission.ts';
export { createSlotBank, type SlotBank, type SlotConfig, type StartedRun } from './slot-bank.ts';
export { createPromptDesk, type PromptDesk } from './prompt-desk.ts';
export { askedFor, choiceOf, takesText } from './route-answer.ts';
