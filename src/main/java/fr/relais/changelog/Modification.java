package fr.relais.changelog;

/**
 * An offer in the mirror for which {@code transform-offer} was called.
 *
 * @param sweepId the last sweep that called it
 */
public record Modification(String offerId, long sweepId) {}
