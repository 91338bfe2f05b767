package fr.relais.simulator;

/**
 * Which offers created exactly on a bound of {@code minCreationDate}..{@code maxCreationDate} the search returns. The
 * real API does not document it, so a client has to be right with each of them.
 */
public enum Bounds {
    INCLUSIVE,
    UPPER_EXCLUSIVE,
    LOWER_EXCLUSIVE
}
