package fr.relais.changelog;

/**
 * A living offer that {@code transform-offer} was called for.
 *
 * @param sweepId the sweep that did so last
 */
public record Modification(String offerId, long sweepId) {}
