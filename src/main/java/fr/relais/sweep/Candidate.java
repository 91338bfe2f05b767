package fr.relais.sweep;

/**
 * An offer that a held sweep would remove. The texts are the source's, and may be null.
 *
 * @param id the id of the offer
 * @param intitule its title
 * @param romeCode the code of its occupation
 * @param codePostal the postal code of its place of work
 * @param isOutOfScope whether it would be removed because {@code relais.source.origins} no longer names its origin;
 *     otherwise because the sweep did not see it
 */
public record Candidate(String id, String intitule, String romeCode, String codePostal, boolean isOutOfScope) {}
