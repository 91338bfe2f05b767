package fr.relais.sweep;

/**
 * A fingerprint of the whole mirror.
 *
 * @param offers the number of offers
 * @param hash the root of the Merkle tree over their ids and fingerprints, in lower-case hexadecimal
 */
record MirrorRoot(long offers, String hash) {}
