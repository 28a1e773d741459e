/** Signed documents for people outside: the balance of a batch and the birth certificate of a unit, as files and as data. */
export * from './balance.ts';
export * from './certificate.ts';
export * from './document-kind.ts';
export * from './signed-file.ts';
export { openTodo } from './open-words.ts';
export { balanceLines, balanceText } from './balance-text.ts';
