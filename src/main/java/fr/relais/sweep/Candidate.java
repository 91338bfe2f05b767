package fr.relais.sweep;

/**
 * An offer that a held sweep would remove.
 *
 * @param id the id of the offer
 * @param intitule its title; null when the source gives none
 * @param isOutOfScope whether it would be removed because {@code relais.source.origins} no longer names its origin;
 *     otherwise because the sweep did not see it
 */
public record Candidate(String id, String intitule, boolean isOutOfScope) {}
