package fr.relais.events;

import java.time.Instant;

/**
 * A failure to deliver an event.
 *
 * @param text the types of the exceptions, because their texts may quote an offer
 */
public record EventFailure(Instant at, String text) {}
