/** Signing in: a name, then the PIN. */
export { default as SignInPanel } from './SignInPanel.vue';
