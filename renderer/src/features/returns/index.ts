/** The returns desk: who is this unit, what happened to it, what may it become. */
export { default as ReturnsPage } from './ReturnsPage.vue';
