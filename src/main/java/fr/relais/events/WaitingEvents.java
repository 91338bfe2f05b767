package fr.relais.events;

import java.time.Instant;

/**
 * The events that wait for delivery.
 *
 * @param count the number of these events
 * @param oldest when the oldest was recorded, or null when none waits
 */
public record WaitingEvents(long count, Instant oldest) {}
