package fr.relais.simulator;

/**
 * The ways in which a search may treat offers that were created exactly at {@code minCreationDate} or
 * {@code maxCreationDate}. The real API does not document this, so a client must work with each of them.
 */
public enum Bounds {
    INCLUSIVE,
    UPPER_EXCLUSIVE,
    LOWER_EXCLUSIVE
}
