/** The first start of a station: the first engineer, and what is missing until the first PASS. */
export { default as FirstEngineer } from './FirstEngineer.vue';
export { default as SetupCard } from './SetupCard.vue';
