/** Signed documents: the balance of a batch, the certificate of a unit, and the check of a file. */
export { default as BalanceCard } from './BalanceCard.vue';
export { default as CertificateButton } from './CertificateButton.vue';
